#!/usr/bin/python3
"""Asks a running service of everything while papers come and go, and watches what becomes of its process.

    soak.py make FOLDER                            papers.jsonl, ids and words of an invented store
    soak.py run FOLDER URL PROCESS SECONDS         FOLDER holds them and s.db, which the service serves; environment: RECOMMEND, SOURCE

Prints what was done and what failed; exits 1 if anything did. What it holds against the service:
- no answer of an error, no socket error, and no generation that goes backwards on a connection (soak.lua);
- the first request behind an import finds the papers that came, and behind a removal none of those that went;
- resident memory and descriptors at the end are those of the beginning, which is the first quarter of the time, within what is stated below.
"""
import http.client
import json
import os
import random
import re
import subprocess
import sys
import threading
import time
import urllib.parse

PAPERS = 1500  # of the invented store
TOPICS = 12
CONNECTIONS = 6  # of wrk, a thread each
PAUSE = 2  # seconds between an import and the next
KEPT = 3  # imports whose papers stay at a time: the store does not grow, so that nothing else may
BATCH = 4  # papers of an import
MORE_MEMORY = 8 << 20  # bytes of memory of its own (not of mapped files) at the end more than at the beginning
MORE_DESCRIPTORS = 8  # an engine that is first needed late opens the store and its log
MORE_MAPPED = 16  # mappings of files that are there no more: each engine may keep the files it answered from last

failures = 0


def fail(what, *details):
    global failures
    failures += 1
    print("FAILED:", what, *details, flush=True)


# ---- an invented store ----------------------------------------------------------------------------------------------


def make_words(chance):
    return ["".join(chance.choice("bdfgklmnprstv") + chance.choice("aeiou") for _ in range(chance.randint(2, 4))) for _ in range(60)]


TOPIC_WORDS = [make_words(random.Random(topic)) for topic in range(TOPICS)]


def make_paper(name, topic, chance):
    def text(words):
        return " ".join(chance.choice(TOPIC_WORDS[topic] if chance.random() < 0.8 else TOPIC_WORDS[0]) for _ in range(words))

    return {"id": name, "title": text(8).capitalize(), "abstract": text(90).capitalize() + ".", "authors": [text(2).title() for _ in range(3)],
            "date": "20%02d-%02d-%02d" % (chance.randint(18, 25), chance.randint(1, 12), chance.randint(1, 28)), "categories": ["t.%d" % topic],
            "doi": "10.5555/soak." + name}


def write_papers(path, papers):
    with open(path, "w") as out:
        for paper in papers:
            print(json.dumps(paper), file=out)


def make(folder):
    chance = random.Random(1)
    names = ["base-%d" % i for i in range(PAPERS)]
    write_papers(os.path.join(folder, "papers.jsonl"), [make_paper(name, i % TOPICS, chance) for i, name in enumerate(names)])
    for path, lines in ("ids", ["doi:10.5555/soak." + name for name in names]), ("words", sorted({w for words in TOPIC_WORDS for w in words})):
        with open(os.path.join(folder, path), "w") as out:
            print("\n".join(lines), file=out)


# ---- the process ----------------------------------------------------------------------------------------------------


class Sample:
    def __init__(self, process):
        with open("/proc/%s/status" % process) as status:
            fields = dict(line.split(":", 1) for line in status)
        with open("/proc/%s/maps" % process) as maps:
            self.gone = sum(line.rstrip().endswith("(deleted)") for line in maps)
        self.anonymous = int(fields["RssAnon"].split()[0]) << 10
        self.resident = int(fields["VmRSS"].split()[0]) << 10
        self.descriptors = len(os.listdir("/proc/%s/fd" % process))


class Watch(threading.Thread):
    """Samples of the process until it is told to stop, one a second."""

    def __init__(self, process):
        super().__init__(daemon=True)
        self.process, self.samples, self.ending = process, [Sample(process)], threading.Event()
        self.start()

    def run(self):
        while not self.ending.wait(1):
            self.samples.append(Sample(self.process))

    def stop(self):
        self.ending.set()
        self.join()
        return self.samples


def compare(samples):
    """The first quarter warms up; its maximum stands against the median of the last quarter."""
    quarter = max(1, len(samples) // 4)
    first, last = samples[:quarter], samples[-quarter:]

    def of(name, part, which):
        values = sorted(getattr(s, name) for s in part)
        return values[-1] if which == "most" else values[len(values) // 2]

    for name in "anonymous", "resident", "descriptors", "gone":
        print("%s: %d at most in the first quarter, %d in the middle of the last" % (name, of(name, first, "most"), of(name, last, "middle")))
    if of("anonymous", last, "middle") > of("anonymous", first, "most") + MORE_MEMORY:
        fail("memory grew")
    if of("descriptors", last, "middle") > of("descriptors", first, "most") + MORE_DESCRIPTORS:
        fail("descriptors grew")
    if of("gone", last, "most") > MORE_MAPPED:
        fail("files that are there no more stay mapped:", of("gone", last, "most"))


# ---- papers that come and go ----------------------------------------------------------------------------------------


class Soak:
    def __init__(self, folder, url):
        self.folder, self.db = folder, os.path.join(folder, "s.db")
        self.host = urllib.parse.urlsplit(url).netloc
        self.chance = random.Random(2)
        self.rounds = []  # ids of the imports that are kept
        self.generation = 0
        self.tag = self.asked_again = None  # of an answer that is kept, and whose it is
        self.imports = self.removals = self.asked = 0

    def ask(self, path, headers={}):
        self.asked += 1
        connection = http.client.HTTPConnection(self.host, timeout=120)
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        got = answer.status, answer.getheader("ETag"), answer.read()
        connection.close()
        return got

    def run_program(self, *arguments):
        done = subprocess.run([os.environ["RECOMMEND"], *arguments, "--quiet", "--db", self.db], capture_output=True, text=True)
        if done.returncode != 0:
            fail(" ".join(arguments), "ended with", done.returncode, done.stderr)

    def take_generation(self, body):
        now = json.loads(body)["index"]["generation"]
        if now < self.generation:
            fail("generation", now, "behind", self.generation)
        self.generation = now

    def similar(self, name, expected=200):
        status, tag, body = self.ask("/v1/papers/%s/similar" % name)
        if status != expected:
            fail(name, "status", status, "not", expected, body[:300])
            return None, []
        if status != 200:
            return None, []
        self.take_generation(body)
        return tag, [hit["id"] for hit in json.loads(body)["results"]]

    def come(self):
        names = ["new-%d-%d" % (self.imports, i) for i in range(BATCH)]
        topic = self.imports % TOPICS
        path = os.path.join(self.folder, "new.jsonl")
        write_papers(path, [make_paper(name, topic, self.chance) for name in names])
        before = self.generation
        self.run_program("import", path)
        self.imports += 1
        ids = ["doi:10.5555/soak." + name for name in names]
        for name in ids:
            tag, results = self.similar(name)
            if tag and not results:
                fail(name, "has no suggestions behind its import")
        if self.generation <= before:
            fail("generation", self.generation, "behind an import, as before it")
        if self.tag and self.ask("/v1/papers/%s/similar" % self.asked_again, {"If-None-Match": self.tag})[0] != 200:
            fail("an answer of before the import holds behind it")
        self.asked_again = ids[0]
        self.tag = self.similar(ids[0])[0]
        self.rounds.append(ids)

    def go(self):
        gone = self.rounds.pop(0)
        self.run_program("remove", *gone)
        self.removals += 1
        for name in gone:
            self.similar(name, 404)
        for name in self.rounds[0] + ["doi:10.5555/soak.base-%d" % self.chance.randrange(PAPERS) for _ in range(20)]:
            results = self.similar(name)[1]
            if set(results) & set(gone):
                fail(name, "is said to be like a paper that was removed")

    def step(self):
        self.come()
        if len(self.rounds) > KEPT:
            self.go()
        if self.ask("/readyz")[0] != 200:
            fail("not ready", self.ask("/readyz")[2])


def judge_load(text):
    counts = dict(re.findall(r"^([a-z0-9_]+) ([0-9.]+)$", text, re.M))
    print("wrk:", ", ".join("%s %s" % item for item in sorted(counts.items())))
    for line in re.findall(r"^told .*$", text, re.M):
        print(line)
    for name in "bad", "backwards", "connect_errors", "read_errors", "write_errors", "timeout_errors":
        if counts.get(name) != "0":
            fail(name, counts.get(name, "is not told: " + text))
    for name in "answered", "not_modified":
        if float(counts.get(name, 0)) < 1:
            fail(name, "nothing")


def run(folder, url, process, seconds):
    environment = dict(os.environ, SOAK_IDS=os.path.join(folder, "ids"), SOAK_WORDS=os.path.join(folder, "words"))
    script = os.path.join(os.environ["SOURCE"], "tests/http/soak.lua")
    with open(os.path.join(folder, "wrk.out"), "w+") as out:
        load = subprocess.Popen(["wrk", "-t%d" % CONNECTIONS, "-c%d" % CONNECTIONS, "-d%ds" % seconds, "--timeout", "120s", "--latency", "-s", script, url],
                                env=environment, stdout=out, stderr=subprocess.STDOUT)
        soak, watch = Soak(folder, url), Watch(process)
        try:
            while load.poll() is None:
                soak.step()
                time.sleep(PAUSE)
        finally:
            load.terminate()
            load.wait()
        samples = watch.stop()
        out.seek(0)
        judge_load(out.read())
    print("%d imports, %d removals, %d requests beside them" % (soak.imports, soak.removals, soak.asked))
    compare(samples)


if sys.argv[1] == "make":
    make(sys.argv[2])
else:
    run(sys.argv[2], sys.argv[3], sys.argv[4], int(sys.argv[5]))
sys.exit(1 if failures else 0)
