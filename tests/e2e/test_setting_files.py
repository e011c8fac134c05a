"""Credentials that stand in files: what is renewed there is used from then on, and is said nowhere."""

import signal

import pytest

from support import canary, paths
from support.bedrock import body, call, told
from support.gateway import LOADED_AGAIN, config, deployment
from support.process import eventually

MODEL = "us.anthropic.claude-sonnet-4-5-20250929-v1:0"
SECRET = canary.OPENAI


async def says(exchange):
    await exchange.answer(200, told([{"text": "Hello"}]))


def keys(name: str) -> str:
    return f"[default]\naws_access_key_id = {name}\naws_secret_access_key = {SECRET}\n"


@pytest.fixture
def profiles(tmp_path):
    file = tmp_path / "credentials"
    file.write_text(keys("AKIDONE"))
    return file


@pytest.fixture
def gateway(start, upstream, profiles):
    upstream.scripts["file_says"] = says
    entry = deployment("m", f"bedrock/{MODEL}", upstream.url, None, aws_region_name="us-west-2")
    del entry["litellm_params"]["api_key"]
    nobody = "http://127.0.0.1:9"  # no machine has an identity here
    return start(
        config(entry),
        env={"AWS_SHARED_CREDENTIALS_FILE": str(profiles), "AWS_EC2_METADATA_SERVICE_ENDPOINT": nobody},
    )


def signed_by(gateway, upstream) -> str:
    assert call(gateway, body("file_says")).status == 200
    credential = upstream.requests[-1].headers["authorization"].split("Credential=")[1]
    return credential.partition("/")[0]


def test_a_profile_signs_calls(gateway, upstream):
    assert signed_by(gateway, upstream) == "AKIDONE"


def test_a_reload_reads_the_file_again(gateway, upstream, profiles):
    profiles.write_text(keys("AKIDTWO"))
    at = gateway.mark()
    gateway.signal(signal.SIGHUP)
    gateway.wait_for(LOADED_AGAIN, paths.deadline(10), at)
    assert signed_by(gateway, upstream) == "AKIDTWO"


def test_a_file_that_changes_is_read_again(gateway, upstream, profiles, tmp_path):
    """As a platform renews it: another file in its place."""
    assert signed_by(gateway, upstream) == "AKIDONE"
    other = tmp_path / "next"
    other.write_text(keys("AKIDTHREE"))
    other.replace(profiles)
    eventually(lambda: signed_by(gateway, upstream) == "AKIDTHREE", paths.deadline(30))
    assert SECRET not in gateway.output


def test_a_file_that_vanishes_refuses_calls_alone(gateway, upstream, profiles):
    profiles.write_text("[other]\n")
    eventually(lambda: call(gateway, body("file_says")).status != 200, paths.deadline(30))
    profiles.write_text(keys("AKIDFOUR"))
    eventually(lambda: call(gateway, body("file_says")).status == 200, paths.deadline(30))
    assert signed_by(gateway, upstream) == "AKIDFOUR"
