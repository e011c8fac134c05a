// The product's version; the build sets it from CMake's project().
#pragma once

#ifndef PATCHBAY_VERSION
#define PATCHBAY_VERSION "0.0.0"
#endif
