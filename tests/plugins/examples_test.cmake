# cmake -DBUILD=dir -DSOURCE=dir -DWORK=dir -DGENERATOR=name -DCXX=compiler -P examples_test.cmake
#
# The plugins that the documentation explains, as a reader builds them: with an installed SDK, then their transcripts
# and plugin-check.
include("${CMAKE_CURRENT_LIST_DIR}/run.cmake")

file(REMOVE_RECURSE "${WORK}")
run(${CMAKE_COMMAND} --install "${BUILD}" --component sdk --prefix "${WORK}/sdk")
file(COPY "${SOURCE}/sdk/plugin/examples" DESTINATION "${WORK}")
run(${CMAKE_COMMAND} -S "${WORK}/examples" -B "${WORK}/build" -G "${GENERATOR}" "-DCMAKE_PREFIX_PATH=${WORK}/sdk"
    -DCMAKE_BUILD_TYPE=Debug "-DCMAKE_CXX_COMPILER=${CXX}" "-DCMAKE_CXX_FLAGS=${FLAGS} -Wall -Wextra -Wpedantic -Werror"
    "-DCMAKE_CXX_COMPILER_LAUNCHER=${LAUNCHER}")
run(${CMAKE_COMMAND} --build "${WORK}/build")
run(ctest --test-dir "${WORK}/build" --output-on-failure --no-tests=error)
