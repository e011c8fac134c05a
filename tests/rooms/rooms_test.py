"""rooms.py must fail where it should."""

import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import rooms


class RoomsTest(unittest.TestCase):
    def judge(self, files: dict[str, str]) -> int:
        with tempfile.TemporaryDirectory() as directory:
            for path, include in files.items():
                file = Path(directory) / path
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(f'#include "{include}"\n' if include else "")
            return rooms.main([directory])

    def test_one_way_is_good(self):
        self.assertEqual(self.judge({"engine/a/x.hpp": "engine/b/y.hpp", "engine/b/y.hpp": ""}), 0)

    def test_a_circle_over_three_rooms_is_found(self):
        self.assertEqual(self.judge({
            "engine/a/x.hpp": "engine/b/x.hpp",
            "engine/b/x.hpp": "engine/c/x.hpp",
            "engine/c/x.cpp": "engine/a/x.hpp",
            "engine/c/x.hpp": "",
        }), 1)

    def test_the_engine_may_not_know_the_gateway(self):
        self.assertEqual(self.judge({"engine/a/x.hpp": "gateway/y.hpp", "gateway/y.hpp": ""}), 1)

    def test_a_test_may_look_anywhere(self):
        self.assertEqual(self.judge({"engine/a/x_test.cpp": "gateway/y.hpp", "gateway/y.hpp": ""}), 0)

    def test_the_house_as_it_stands(self):
        self.assertEqual(rooms.main([]), 0)


if __name__ == "__main__":
    unittest.main()
