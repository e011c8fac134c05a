"""The script by which a Redis server grants shares of a limit, without a gateway."""

import random
import re
from pathlib import Path

import pytest

from support.redis import Redis, needs_redis

pytestmark = needs_redis

SOURCE = Path(__file__).parents[2] / "host/engine/shared/lease_script.cpp"
GRANT = re.search(r'kGrant = R"\((.*?)\)"', SOURCE.read_text(), re.S).group(1)
BEAT = re.search(r'kBeat = R"\((.*?)\)"', SOURCE.read_text(), re.S).group(1)
WINDOW, NODES, EPOCH = "pb:lease:w:1", "pb:lease:nodes", "pb:lease:epoch"
NEW, KNOWS, RESTORES = 0, 1, 2
DOLLARS = 1_000_000_000


@pytest.fixture
def redis(tmp_path):
    server = Redis(tmp_path)
    yield server
    server.stop()


class Node:
    """What a gateway says and is told of one window."""

    number = 0

    def __init__(self, redis, name, limit, nodes=2):
        self.redis, self.name, self.limit, self.nodes = redis, name, limit, nodes
        self.used = self.share = 0
        self.knows = NEW
        self.base = 0

    def beat(self, leaves=0):
        return self.redis.command("EVAL", BEAT, 2, NODES, EPOCH, self.name, leaves)

    def ask(self, parts=2, need=0, posted=0, gauge=0):
        self.number += 1
        words = [
            self.name + ".0",
            self.number,
            self.limit,
            self.base,
            self.knows,
            posted,
            self.used,
            self.share,
        ]
        words += [need, parts, self.nodes, gauge, 150]
        answer = self.redis.command("EVAL", GRANT, 3, WINDOW, NODES, EPOCH, *words)
        self.share, self.left, self.all, self.base = (int(n) for n in answer[:4])
        self.epoch, self.knows = answer[4], KNOWS
        return self.share


@pytest.mark.parametrize("seed", range(5))
def test_shares_never_come_to_more_than_the_limit_and_all_of_it_is_granted(redis, seed):
    chance = random.Random(seed)
    limit = chance.choice([7, 1_000, 3 * DOLLARS, 8_000_000 * DOLLARS + 1])
    nodes = [Node(redis, f"n{i}", limit, 4) for i in range(4)]
    for node in nodes:
        node.beat()
    for _ in range(400):
        node = chance.choice(nodes)
        if chance.random() < 0.3:  # gives back; it has lowered its own first
            node.share = chance.randint(node.used, node.share)
        else:
            node.used = chance.randint(node.used, node.share)
        node.ask(chance.choice([2, 16]), need=chance.choice([0, 1, limit // 100]))
        assert sum(node.share for node in nodes) <= limit
        assert node.share >= node.used
    for _ in range(200):
        for node in nodes:
            node.used = node.share
            node.ask(need=1)
    assert sum(node.used for node in nodes) == limit
    assert all(node.ask() == node.used for node in nodes)
    assert nodes[0].left == 0 and nodes[0].all == limit


def test_what_is_not_newer_is_not_heard(redis):
    node = Node(redis, "n", 100)
    node.ask()
    node.number -= 1
    with pytest.raises(ValueError, match="OLD"):
        node.ask()


def test_one_that_is_alone_gets_all_and_one_that_is_silent_keeps_its_part(redis):
    one, other = Node(redis, "one", 100, nodes=1), Node(redis, "other", 100)
    one.beat()
    assert one.ask() == 100
    one.share, one.nodes = 40, 2
    assert one.ask() == 40, "more than its part"
    other.beat()
    assert other.ask() == 25
    other.beat(leaves=1)  # it is heard of no more: of 100 its part is 50
    one.used = 40
    one.ask(need=60)
    assert one.share == 50


def test_what_was_lost_is_told_again_before_anything_is_granted(redis):
    one, other = Node(redis, "one", 100), Node(redis, "other", 100)
    one.base = 20
    assert one.beat()[:1] == [1]
    one.ask(), other.ask()
    epoch = one.epoch
    one.used, other.used = 10, 5
    one.ask(), other.ask()
    redis.command("FLUSHALL")
    fresh = Node(redis, "fresh", 100)
    fresh.base = fresh_base = 35  # all that was spent, as the store has it
    fresh.ask()
    one.beat()
    for node in (one, other):
        node.knows, node.base = RESTORES, 20
        node.ask(need=100)
        assert node.base == 20 != fresh_base, (
            "what the gateways count themselves is not counted twice"
        )
    assert one.epoch not in ("", epoch)
    assert one.share + other.share + fresh.share <= 80
    assert other.all == 35


def test_every_key_is_forgotten_some_day(redis):
    node = Node(redis, "n", 100)
    node.beat(), node.ask()
    for key in redis.command("KEYS", "*"):
        assert 0 < redis.command("TTL", key) <= 86_400, key


def test_what_the_store_has_beyond_what_was_told_counts(redis):
    node = Node(redis, "n", 100)
    node.ask(posted=70)
    assert (node.left, node.all) == (30, 70)
    assert node.share <= 30
