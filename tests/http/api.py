#!/usr/bin/python3
"""Walks openapi.json of a running service: every path, method and parameter is asked, with values that fit and values that do not, and every answer is held
against the schema that the document gives for its status and content type.

    api.py URL ID OTHER        two papers that the service has. Prints what failed; exits 1 if anything did.
"""
import http.client
import json
import sys
import urllib.parse

import jsonschema

ID, OTHER = sys.argv[2:4]
GOOD = {  # a value that fits, by a parameter's name
    "id": ID, "q": "coral reefs", "limit": "3", "offset": "1", "since": "2020-05", "until": "2024", "category": "q-bio", "not-category": "cs.LG",
    "min-score": "0.1", "min-band": "weak", "exclude": ID, "versions": "keep", "like": OTHER, "unlike": OTHER, "candidates": ID, "diversity": "0.5",
    "exact": "true", "explain": "true", "authors": "false", "format": "json", "trending": "3", "date": "2025-03-14", "k": "2",
}
BAD = {  # values that do not
    "limit": ["0", "-1", " 3", "+3", "x", "1.5", "99999999999999999999", ""], "offset": ["-1", "x"], "since": ["yesterday", "2020-13"], "until": ["2020-02-31", ""],
    "min-score": ["x", "nan", "1e999", "0x1p-2", " 0.1", "0.1 ", "inf", ""], "min-band": ["wonderful"], "versions": ["all"], "diversity": ["2", "-0.1", "x", "0x1p-2", " 0.5"], "exact": ["maybe"], "format": ["pdf"], "trending": ["0", "x", "101", " 3", "+3", "0x3", ""],
    "explain": ["maybe"], "authors": ["maybe"], "q": [""],
}
BODIES = {  # by operation: bodies that fit, and that do not
    "similar": ([{"id": ID}, {"title": "corals in warm water"}, {"text": "x" * 1000}, {"paper": {"id": "new", "title": "Corals"}, "limit": 2}],
                ["", "[]", "nonsense", "{", {}, {"id": ID, "text": "both"}, {"id": ID, "limit": "3"}, {"id": ID, "nonsense": 1}, {"id": ["x"]}, {"id": None}]),
    "batch": ([ID + "\n", ID + "\nnobody\n\n" + json.dumps({"id": ID, "limit": 1})], ["\n" * 2000]),
}
failures = 0


def fail(what, *details):
    global failures
    failures += 1
    print("FAILED:", what, *details)


class Walk:
    def __init__(self, url):
        self.host = urllib.parse.urlsplit(url).netloc
        status, kind, body = self.ask("GET", "/openapi.json")
        self.document = json.loads(body)
        if status != 200 or kind != "application/json" or not self.document["openapi"].startswith("3.1"):
            fail("openapi.json", status, kind)
        self.checked = set()

    def ask(self, method, target, body=None, headers={}):
        connection = http.client.HTTPConnection(self.host, timeout=300)
        connection.request(method, target, body=body, headers=headers)
        answer = connection.getresponse()
        got = answer.status, answer.getheader("Content-Type", ""), answer.read()
        self.headers = answer.headers
        connection.close()
        return got

    def announce(self, method, target, length):
        """Only says that a body follows: it is refused before any of it is sent."""
        connection = http.client.HTTPConnection(self.host, timeout=300)
        connection.putrequest(method, target)
        connection.putheader("Content-Length", str(length))
        connection.endheaders()
        answer = connection.getresponse()
        got = answer.status, answer.getheader("Content-Type", ""), answer.read()
        connection.close()
        return got

    def resolve(self, item):
        while "$ref" in item:
            place = self.document
            for part in item["$ref"][2:].split("/"):
                place = place[part]
            item = place
        return item

    def check(self, name, operation, answer, expected):
        """The answer is of the expected status, described, and of the described form."""
        status, kind, body = answer
        if status != expected:
            return fail(name, "status", status, "not", expected, body[:200])
        described = operation["responses"].get(str(status))
        if not described:
            return fail(name, "status", status, "is not described")
        content = self.resolve(described).get("content", {})
        plain = kind.split(";")[0]
        if plain not in content:
            return fail(name, "content type", kind, "is not described")
        self.checked.add((operation["operationId"], status))
        if plain.endswith("json"):
            schema = dict(content[plain]["schema"], components=self.document["components"])
            for error in jsonschema.Draft202012Validator(schema).iter_errors(json.loads(body)):
                fail(name, "answer:", error.message[:200], "at", "/".join(map(str, error.path)))

    def walk_parameters(self, path, method, operation, parameters):
        required = {p["name"]: GOOD[p["name"]] for p in parameters if p.get("required") and p["in"] == "query"}
        for parameter in parameters:
            if parameter["in"] != "query":
                continue
            name = parameter["name"]
            if name not in GOOD:
                fail(path, "parameter", name, "is not tested")
                continue
            for value, expected in [(GOOD[name], 200)] + [(bad, 400) for bad in BAD.get(name, [])]:
                query = urllib.parse.urlencode({**required, name: value})
                self.check("%s %s?%s" % (method, path, query), operation, self.ask(method, path + "?" + query), expected)
        self.check("%s %s, an unknown parameter" % (method, path), operation,
                   self.ask(method, path + "?" + urllib.parse.urlencode({**required, "nonsense": 1})), 400 if any(p["in"] == "query" for p in parameters) else 200)

    def walk_tags(self, target, operation):
        """A tag that is described is there, and says that nothing has changed; one that is not, is not."""
        described = operation["responses"]["200"].get("headers", {})
        tag = self.headers.get("ETag")
        if ("ETag" in described) != (tag is not None):
            return fail(target, "ETag", tag, "described" if described else "not described")
        for known in [tag, tag[2:], '"a", "b,c" , ' + tag, "*"] if tag else []:
            status, kind, body = self.ask("GET", target, headers={"If-None-Match": known})
            if (status, body) != (304, b"") or self.headers.get("ETag") != tag:
                fail(target, "If-None-Match:", known, "status", status, body[:200])
        for other in ['"a"', 'W/"x"', tag[:-2] + '"'] if tag else []:
            if self.ask("GET", target, headers={"If-None-Match": other})[0] != 200:
                fail(target, "If-None-Match:", other, "holds")

    def walk_bodies(self, path, method, operation):
        good, bad = BODIES[operation["operationId"]]
        for body, expected in [(b, 200) for b in good] + [(b, 400) for b in bad]:
            text = body if isinstance(body, str) else json.dumps(body)
            self.check("%s %s %s" % (method, path, text[:60]), operation, self.ask(method, path, text.encode()), expected)
        self.check(path + ", a body of 9 MB", operation, self.announce(method, path, 9000000), 413)

    def walk(self):
        for pattern, item in self.document["paths"].items():
            for method, operation in item.items():
                parameters = [self.resolve(p) for p in operation["parameters"]]
                path = pattern
                for parameter in parameters:
                    if parameter["in"] == "path":
                        path = path.replace("{%s}" % parameter["name"], urllib.parse.quote(GOOD[parameter["name"]], safe=""))
                if operation.get("security"):
                    continue
                if operation["operationId"] in BODIES:
                    self.walk_bodies(path, method.upper(), operation)
                    continue
                query = "?" + urllib.parse.urlencode({p["name"]: GOOD[p["name"]] for p in parameters if p.get("required") and p["in"] == "query"})
                self.check("%s %s" % (method, path), operation, self.ask(method.upper(), path + query), 200)
                self.walk_tags(path + query, operation)
                self.walk_parameters(path, method.upper(), operation, parameters)
                if "404" in operation["responses"]:
                    gone = pattern.replace("{id}", "nobody")
                    self.check("%s %s" % (method, gone), operation, self.ask(method.upper(), gone, headers={"If-None-Match": "*"}), 404)
                if "400" in operation["responses"]:
                    for wrong in "%ff", "%00", "%E2%82":
                        target = path + query + wrong if query else pattern.replace("{id}", "smp:0001" + wrong).replace("{date}", "2025-03-14" + wrong)
                        if target != pattern:
                            self.check("%s %s" % (method, target), operation, self.ask(method.upper(), target), 400)


walk = Walk(sys.argv[1])
walk.walk()
print("%d kinds of answers checked, %d failures" % (len(walk.checked), failures))
sys.exit(1 if failures or len(walk.checked) < 10 else 0)
