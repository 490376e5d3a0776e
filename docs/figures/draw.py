#!/usr/bin/python3
"""Draw a table of measurements as lines: draw.py FILE.tsv >FILE.svg

The first line of the table is '# where it comes from', the name of the x axis and that of the y axis; the second the columns' names; the others x and
a value for each column. The x axis is logarithmic; so is the y axis of times, which are values with a unit (us, ms, s). Same table, same bytes.
"""
import math
import sys
from html import escape

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 640, 360, 60, 150, 20, 50
COLOURS = ["#0b62a4", "#c2410c", "#15803d", "#7c3aed", "#57534e"]  # dark enough for white paper, told apart by their marks as well
UNITS = {"us": 1e-6, "ms": 1e-3, "s": 1}


def number(text):
    value, _, unit = text.partition(" ")
    return math.log10(float(value) * UNITS[unit]) if unit else float(value)


def read(path):
    with open(path, encoding="utf-8") as file:
        rows = [line.rstrip("\n").split("\t") for line in file]
    return rows[0], rows[1], [[number(value) for value in row] for row in rows[2:]], " " in rows[2][1]


def marks_of_times(low, high):
    """Powers of ten around the logarithms of times, each with its name."""
    exponents = range(math.floor(low), math.ceil(high) + 1)
    units = {exponent: unit for unit, exponent in (("us", -6), ("ms", -3), ("s", 0))}
    name = {exponent: max(start for start in units if start <= exponent or start == -6) for exponent in exponents}
    return [(exponent, f"{10 ** (exponent - name[exponent]):,} {units[name[exponent]]}") for exponent in exponents]


def marks_of_shares(low, high):
    """Steps of .05 around values from 0 to 1."""
    first, last = math.floor(low * 20), math.ceil(high * 20)
    return [(first / 20 + step / 20, f"{first / 20 + step / 20:.2f}".lstrip("0")) for step in range(last - first + 1)]


def draw(path):
    (source, x_name, y_name), names, rows, timed = read(path)
    xs = [math.log(row[0]) for row in rows]
    marks = (marks_of_times if timed else marks_of_shares)(min(min(row[1:]) for row in rows), max(max(row[1:]) for row in rows))
    low, high = marks[0][0], marks[-1][0]

    def place(x, y):
        return (LEFT + (x - xs[0]) / (xs[-1] - xs[0]) * (WIDTH - LEFT - RIGHT), HEIGHT - BOTTOM - (y - low) / (high - low) * (HEIGHT - TOP - BOTTOM))

    def text(x, y, words, anchor="start"):
        return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'

    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">',
           f"<title>{escape(source[2:])}</title>", f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>']
    for mark, name in marks:
        x, y = place(xs[0], mark)
        out.append(f'<path d="M{x:.1f} {y:.1f}H{WIDTH - RIGHT}" stroke="#d6d3d1"/>' + text(x - 8, y + 4, name, "end"))
    for x, row in zip(xs, rows):
        out.append(text(place(x, low)[0], HEIGHT - BOTTOM + 18, f"{row[0]:,.0f}", "middle"))
    out.append(text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12, x_name, "middle") + text(8, 14, y_name))
    ends = []
    for column, name in enumerate(names[1:], 1):
        points = [place(x, row[column]) for x, row in zip(xs, rows)]
        colour = COLOURS[(column - 1) % len(COLOURS)]
        out.append(f'<polyline fill="none" stroke="{colour}" stroke-width="2" points="' + " ".join(f"{x:.1f},{y:.1f}" for x, y in points) + '"/>')
        out.extend(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in points)
        ends.append((points[-1][1], name, colour))
    last = 0
    for y, name, colour in sorted(ends):  # names that would lie on each other move down
        last = max(y + 4, last + 14)
        out.append(f'<g fill="{colour}">' + text(WIDTH - RIGHT + 10, last, name) + "</g>")
    return "\n".join(out + ["</svg>"]) + "\n"


sys.stdout.write(draw(sys.argv[1]))
