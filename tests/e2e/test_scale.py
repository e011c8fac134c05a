"""Pages of stores with ten million entries, and how fast entries are taken (docs/performance.md)."""

import statistics
import time

import httpx
import pytest

from support import canary, paths
from support.books import PostgresBooks
from support.gateway import Gateway, config, deployment

pytestmark = pytest.mark.load

DAYS, ENTRIES_A_DAY = 90, 111_200
FIRST_DAY = 20_600
KEYS, USERS, TEAMS = 100_000, 500, 100

# Numbers of identities: what they name is made of them.
NAMES = {1: (1, 1000), 2: (2000, 20), 3: (3000, 20), 4: (4000, 30), 5: (5000, 5), 6: (6000, 3), 7: (7000, 5000)}

IDENTITIES = "INSERT INTO identity(id, kind, text) SELECT {first} + g, {kind}, {text} FROM generate_series(0, {count} - 1) g"
ENTRIES = """INSERT INTO entry_{day}(day, call, attempt, batch, client_call, key, model_group, model, deployment, provider,
 route, customer, status, flags, tier, started, ended, prompt, completion, cached, written, usage, price, cost, charge,
 key_row, "user", team, organization)
SELECT {day}, decode(lpad(to_hex({day}), 16, '0') || lpad(to_hex(g), 16, '0'), 'hex'), 1, {day} * 100 + g / 2000,
 'call-{day}-' || g, 1 + (g * 7919) % 1000, 2000 + g % 20, 3000 + g % 20, 4000 + g % 30, 5000 + g % 5, 6000 + g % 3,
 7000 + CASE WHEN g % 3 = 0 THEN (g * 31) % 5000 ELSE 0 END, CASE WHEN g % 50 = 0 THEN 500 ELSE 200 END, 0, 0,
 {day} * 86400000000 + g * 777000, {day} * 86400000000 + g * 777000 + 900000, 100 + g % 900, 20 + g % 300, 0, 0,
 decode(repeat('0100000000000064', 15), 'hex'), 77, 1000 + g % 9000, 1000 + g % 9000, 1 + (g * 7919) % 1000,
 1 + (g * 7919) % {users}, 1 + (g * 7919) % {teams}, 0
FROM generate_series(1::bigint, {count}) g"""
SUMS = """INSERT INTO daily SELECT day, key, model_group, model, deployment, provider, route, SUM(prompt), SUM(completion),
 SUM(cached), SUM(written), COUNT(*), COUNT(*) FILTER (WHERE status >= 400), SUM(cost), SUM(charge) FROM entry
 GROUP BY 1, 2, 3, 4, 5, 6, 7"""
ACCOUNTS = """INSERT INTO account(book, house, subject, posted, entries) SELECT {book}, 0, {column}, SUM(charge), COUNT(*)
 FROM entry GROUP BY {column}"""


def fill(books: PostgresBooks):
    def run(*statements):
        file = books.server.folder / "fill.sql"
        file.write_text(";\n".join(["SET maintenance_work_mem = '512MB'", *statements]) + ";\n")
        books.server.run_file(file, books.schema)

    def text(kind):
        return "CASE g WHEN 0 THEN '' ELSE 'customer-' || g END" if kind == 7 else f"'name-{kind}-' || g"

    run(
        f"INSERT INTO \"user\"(user_id) SELECT 'user-' || g FROM generate_series(1, {USERS}) g",
        f"INSERT INTO team(team_id, alias) SELECT 'team-' || g, 'Team ' || g FROM generate_series(1, {TEAMS}) g",
        "INSERT INTO key(hash, name, alias, \"user\", team, created_at, updated_at) SELECT sha256(('k' || g)::bytea), "
        f"'sk-...' || g, 'alias-' || g, 1 + g % {USERS}, 1 + g % {TEAMS}, g * 1000000, g * 1000000 "
        f"FROM generate_series(1::bigint, {KEYS}) g",
        *(IDENTITIES.format(first=first, kind=kind, count=count, text=text(kind))
          for kind, (first, count) in NAMES.items()),
        "UPDATE identity SET text = encode(sha256(('k' || id)::bytea), 'hex') WHERE kind = 1",
        *(f"SELECT make_day({day})" for day in range(FIRST_DAY, FIRST_DAY + DAYS)),
    )
    # Indexes are made when the rows are there.
    indexes = books.query(
        f"SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = '{books.schema}' AND tablename = 'entry' "
        "AND indexname <> 'entry_pkey'"
    )
    assert len(indexes) > 5
    run(*(f"DROP INDEX {name}" for name, _ in indexes))
    run(*(ENTRIES.format(day=day, count=ENTRIES_A_DAY, users=USERS, teams=TEAMS)
          for day in range(FIRST_DAY, FIRST_DAY + DAYS)))
    run(*(definition.replace(" ONLY ", " ") for _, definition in indexes))
    run(SUMS, *(ACCOUNTS.format(book=book, column=column)
                for book, column in ((1, "key"), (12, "key_row"), (3, '"user"'), (4, "team"))))
    run("VACUUM ANALYZE")


@pytest.fixture(scope="module")
def large(postgres, tmp_path_factory):
    folder = tmp_path_factory.mktemp("scale")
    books = PostgresBooks(postgres)
    settings = config(
        deployment("scripted", "openai/gpt-4o", "http://127.0.0.1:9/v1", canary.OPENAI),
        general_settings={"database_url": books.url},
    )
    env = {"PATCHBAY_STATE_DIR": str(folder / "state")}
    Gateway(folder, settings, env=env).stop()  # makes the tables
    fill(books)
    gateway = Gateway(folder, settings, env=env)
    yield gateway
    gateway.stop()


FILTERS = {
    "nothing": "",
    "key": "&api_key=name-of-key",
    "user": "&user_id=user-77",
    "team": "&team_id=team-7",
    "customer": "&end_user=customer-93",
    "model": "&model=name-3-3",
    "rare model": "&model=no-such-model",
    "model group": "&model_group=name-2-3",
    "deployment": "&model_id=name-4-3",
    "failures": "&status_filter=failure",
    "call": f"&request_id=call-{FIRST_DAY + 40}-5000",
    "dear ones of a day": "&min_spend=0.000009&start_date=2026-06-01&end_date=2026-06-01",
    "page 200": "&page=200",
}
PAGES = {f"logs by {name}": (f"/spend/logs/v2?page_size=50{query}", 100) for name, query in FILTERS.items()} | {
    "keys": ("/key/list?size=100&return_full_object=true", 100),
    "keys of a team": ("/key/list?size=100&return_full_object=true&team_id=team-7", 100),
    "keys by alias": ("/key/list?size=100&sort_by=key_alias&page=50", 100),
    "90 days": ("/global/spend/logs", 500),
    "90 days by model": ("/global/spend/models?limit=100", 500),
    "90 days by provider": ("/global/spend/provider", 500),
}


@pytest.mark.timeout(1800)
def test_pages_of_ten_million_entries(large):
    slow = {}
    with httpx.Client(headers={"Authorization": f"Bearer {canary.MASTER}"}, timeout=60) as client:
        one = client.get(f"http://127.0.0.1:{large.port}/spend/logs/v2?page_size=1").json()["data"][0]
        for name, (path, limit) in PAGES.items():
            url = f"http://127.0.0.1:{large.port}" + path.replace("name-of-key", one["api_key"])
            times = []
            for _ in range(6):
                begun = time.perf_counter()
                answer = client.get(url)
                times.append(1000 * (time.perf_counter() - begun))
                assert answer.status_code == 200, answer.text
            median = statistics.median(times[1:])
            print(f"{name}: {median:.1f} ms (first {times[0]:.1f}), at most {limit}")
            if median > limit * paths.SLOWNESS:
                slow[name] = median
    assert not slow
