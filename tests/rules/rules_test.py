"""rules.py must fail where it should."""

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import rules

HEAD = "| LiteLLM | Patchbay | test |\n|---|---|---|\n"
TESTS = {"A.b", "test_x.py::test_y"}


class RulesTest(unittest.TestCase):
    def judge(self, row: str) -> list[str]:
        return rules.problems(HEAD + row + "\n", TESTS)

    def test_good_rows(self):
        self.assertEqual(self.judge("| a | same | `A.b`, `test_x.py::test_y` |"), [])
        self.assertEqual(self.judge("| a | *not done* | |"), [])

    def test_a_test_that_is_not_there(self):
        self.assertEqual(self.judge("| a | same | `A.c` |"), ["3: there is no test A.c"])

    def test_a_rule_that_nothing_shows(self):
        self.assertEqual(self.judge("| a | same | |"), ["3: nothing shows it"])

    def test_a_row_of_another_form(self):
        self.assertTrue(self.judge("| a | same |"))
        self.assertTrue(self.judge("| a | | `A.b` |"))
        self.assertTrue(self.judge("| a | same | A.b |"))

    def test_the_page_as_it_stands(self):
        self.assertGreater(len(rules.rows(rules.PAGE.read_text())), 80)
        self.assertIn("PlanTest.tags", rules.known_tests())
        self.assertEqual(rules.main([]), 0)


if __name__ == "__main__":
    unittest.main()
