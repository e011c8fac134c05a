"""Every key the tests use is a canary: none may appear in anything the gateway prints or answers.

The session's end looks for them (and for sanitizer reports) in the collected output of every gateway
that ran; see conftest.py.
"""

import re

MASTER = "sk-1234"
OPENAI = "sk-canary-openai-5d1fb2a90c3e4786"
ANTHROPIC = "sk-ant-canary-94c07be1d2f8a653"
GEMINI = "AIza-canary-gemini-7b20c95e14fd83a6"
DEEPSEEK = "sk-canary-deepseek-e01b7f62a9d84c35"
OTHER_MASTER = "sk-canary-master-27ac90f1e4b85d36"
WRONG = "sk-canary-wrong-c8a1350f97e2bd64"
VIRTUAL = "sk-canary-virtual-4b8fd02e6a91c753"
#: For what is not a provider key: extra headers, credentials in an address, ...
MISC = "canary-misc-60e9f41c82ad7b35"

#: What a client puts where credentials stand.
CLIENT = "AAAA-canary-client-3f8e6b"

ALL = (MASTER, OPENAI, ANTHROPIC, GEMINI, DEEPSEEK, OTHER_MASTER, WRONG, VIRTUAL, MISC, CLIENT)

SANITIZER = re.compile(
    r"ERROR: (Address|Leak|Undefined\w*)Sanitizer|WARNING: ThreadSanitizer|: runtime error: "
)

PROVIDER_ENVIRONMENT = {
    "OPENAI_API_KEY": OPENAI,
    "ANTHROPIC_API_KEY": ANTHROPIC,
    "GEMINI_API_KEY": GEMINI,
    "DEEPSEEK_API_KEY": DEEPSEEK,
}

#: (title, output) of every gateway that ran in this session.
captured: list[tuple[str, str]] = []


def leaks(text: str) -> list[str]:
    return [secret for secret in ALL if secret in text]


def problems() -> list[str]:
    """One line for each leaked secret or sanitizer report in the captured output."""
    found = []
    for title, output in captured:
        for line in output.splitlines():
            for secret in leaks(line):
                shown = line.replace(secret, f"<{secret[:14]}...>")
                found.append(f"{title}: secret in output: {shown[:300]}")
            if SANITIZER.search(line):
                found.append(f"{title}: {line[:300]}")
    return found
