#!/usr/bin/python3
"""What a user would otherwise pick, on the same papers and the same queries.

    rivals.py SYSTEM CORPUS QUERIES [--candidates FILE] [--run FILE] [--most N]

SYSTEM is one of
    sklearn   scikit-learn: hashed words and pairs, tf-idf, truncated SVD to 256 components, exact cosine
    gensim    gensim: tf-idf, LSI with 256 topics, its in-memory similarity index
    fts5      SQLite FTS5: Porter stems, BM25; the query is all words of the paper's title and abstract
    xapian    Xapian: stemmed terms, its own "more like this" (the 40 best expansion terms of the paper), BM25

CORPUS is JSON Lines with id, title and abstract (plain or .zst), QUERIES a file of ids. Prints one line of a Markdown table: time and memory to make the
index, time a query. --run writes the answers as a TREC run, which `recommend eval --run` scores.
"""
import argparse
import json
import re
import resource
import subprocess
import sys
import time


def papers_of(path):
    command = ["zstd", "-dcq", path] if path.endswith(".zst") else ["cat", path]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as source:
        for line in source.stdout:
            record = json.loads(line)
            yield record["id"], record.get("title") or "", record.get("abstract") or ""


class Sklearn:
    name = "scikit-learn: hashed tf-idf, SVD 256"

    def build(self, papers):
        import numpy
        from sklearn.decomposition import TruncatedSVD
        from sklearn.feature_extraction.text import HashingVectorizer, TfidfTransformer
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import Normalizer

        self.numpy = numpy
        self.ids = [paper[0] for paper in papers]
        pipeline = make_pipeline(
            HashingVectorizer(n_features=2**16, ngram_range=(1, 2), stop_words="english", alternate_sign=False, norm=None),
            TfidfTransformer(sublinear_tf=True),
            TruncatedSVD(n_components=256, random_state=0),
            Normalizer(copy=False),
        )
        self.rows = pipeline.fit_transform(paper[1] + ". " + paper[2] for paper in papers).astype("float32")
        self.place = {name: i for i, name in enumerate(self.ids)}

    def ask(self, name, most):
        scores = self.rows @ self.rows[self.place[name]]
        best = self.numpy.argpartition(-scores, min(most, len(scores) - 1))[: most + 1]
        return [(self.ids[i], float(scores[i])) for i in best[self.numpy.argsort(-scores[best])]]


class Gensim:
    name = "gensim: tf-idf, LSI 256"

    def build(self, papers):
        from gensim import corpora, models, similarities
        from gensim.parsing.preprocessing import STOPWORDS

        def words(paper):
            return [w for w in re.findall(r"[a-z0-9]{2,}", (paper[1] + " " + paper[2]).lower()) if w not in STOPWORDS]

        self.ids = [paper[0] for paper in papers]
        self.place = {name: i for i, name in enumerate(self.ids)}
        dictionary = corpora.Dictionary(words(paper) for paper in papers)
        dictionary.filter_extremes(no_below=2, no_above=0.5, keep_n=200000)
        bags = [dictionary.doc2bow(words(paper)) for paper in papers]
        weights = models.TfidfModel(bags, dictionary=dictionary)
        self.lsi = models.LsiModel(weights[bags], id2word=dictionary, num_topics=256, random_seed=0)
        self.vectors = [self.lsi[weights[bag]] for bag in bags]
        self.index = similarities.MatrixSimilarity(self.vectors, num_features=256)

    def ask(self, name, most):
        self.index.num_best = most + 1
        return [(self.ids[i], float(score)) for i, score in self.index[self.vectors[self.place[name]]]]


class Fts5:
    name = "SQLite FTS5: BM25"

    def build(self, papers):
        import sqlite3

        self.texts = {paper[0]: paper[1] + " " + paper[2] for paper in papers}
        self.db = sqlite3.connect(":memory:")
        self.db.execute("CREATE VIRTUAL TABLE words USING fts5(id UNINDEXED, title, abstract, tokenize='porter unicode61')")
        self.db.executemany("INSERT INTO words VALUES (?, ?, ?)", papers)

    def ask(self, name, most):
        words = sorted(set(re.findall(r"\w{2,}", self.texts[name].lower())))
        query = " OR ".join('"%s"' % word for word in words)
        rows = self.db.execute("SELECT id, -bm25(words) FROM words WHERE words MATCH ? ORDER BY rank LIMIT ?", (query, most + 1))
        return list(rows)


class Xapian:
    name = "Xapian: more like this"
    terms = 40

    def build(self, papers):
        import xapian

        self.xapian = xapian
        self.db = xapian.inmemory_open() if len(papers) < 1000 else xapian.WritableDatabase("", xapian.DB_BACKEND_INMEMORY)
        generator = xapian.TermGenerator()
        generator.set_stemmer(xapian.Stem("english"))
        stopper = xapian.SimpleStopper()
        for word in "a an and are as at be by for from in is it of on or that the this to we with".split():
            stopper.add(word)
        generator.set_stopper(stopper)
        generator.set_stopper_strategy(xapian.TermGenerator.STOP_ALL)
        self.docs = {}
        for name, title, abstract in papers:
            document = xapian.Document()
            generator.set_document(document)
            generator.index_text(title, 2)
            generator.index_text(abstract)
            document.set_data(name)
            self.docs[name] = self.db.add_document(document)

    def ask(self, name, most):
        x = self.xapian
        enquire = x.Enquire(self.db)
        likes = x.RSet()
        likes.add_document(self.docs[name])
        enquire.set_query(x.Query.MatchAll)
        terms = [(item.term, item.weight) for item in enquire.get_eset(self.terms, likes) if item.term.startswith(b"Z")]
        parts = [x.Query(x.Query.OP_SCALE_WEIGHT, x.Query(term), 1.0) for term, _ in terms]
        enquire.set_query(x.Query(x.Query.OP_OR, parts))
        return [(match.document.get_data().decode(), match.weight) for match in enquire.get_mset(0, most + 1)]


SYSTEMS = {"sklearn": Sklearn, "gensim": Gensim, "fts5": Fts5, "xapian": Xapian}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("system", choices=SYSTEMS)
    parser.add_argument("corpus")
    parser.add_argument("queries")
    parser.add_argument("--candidates", help="ids, one a line: answers hold no others")
    parser.add_argument("--run", help="write the answers as a TREC run")
    parser.add_argument("--most", type=int, default=10, help="answers a query (default 10)")
    arguments = parser.parse_args()

    papers = list(papers_of(arguments.corpus))
    queries = [line.strip() for line in open(arguments.queries, encoding="utf-8") if line.strip()]
    allowed = {line.strip() for line in open(arguments.candidates, encoding="utf-8")} if arguments.candidates else None
    asked_for = arguments.most if allowed is None else 20 * arguments.most
    run = open(arguments.run, "w", encoding="utf-8") if arguments.run else None
    system = SYSTEMS[arguments.system]()

    start, before = time.monotonic(), time.process_time()
    system.build(papers)
    built, built_cpu = time.monotonic() - start, time.process_time() - before
    times = []
    for query in queries:
        start = time.monotonic()
        answer = system.ask(query, asked_for)
        times.append(time.monotonic() - start)
        kept = [hit for hit in answer if hit[0] != query and (allowed is None or hit[0] in allowed)][: arguments.most]
        for rank, (name, score) in enumerate(kept, 1):
            if run:
                print(query, "Q0", name, rank, "%.9f" % score, arguments.system, file=run)
    times.sort()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print("| %s | %d | %.1f s | %.1f s | %.0f | %.2f ms | %.2f ms |" % (
        system.name, len(papers), built, built_cpu, peak, 1e3 * times[len(times) // 2], 1e3 * times[int(0.99 * len(times))]))


if __name__ == "__main__":
    sys.exit(main())
