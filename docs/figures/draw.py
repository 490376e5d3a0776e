#!/usr/bin/python3
"""Draw a table of measurements as lines: draw.py FILE.tsv >FILE.svg

The first line of the table is '# where it comes from', the name of the x axis and that of the y axis; the second the columns' names; the others x and
a value for each column. The x axis is logarithmic. Same table, same bytes.
"""
import math
import sys
from html import escape

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 640, 360, 60, 150, 20, 50
COLOURS = ["#0b62a4", "#c2410c", "#15803d", "#7c3aed", "#57534e"]  # dark enough for white paper, told apart by their marks as well


def read(path):
    with open(path, encoding="utf-8") as file:
        rows = [line.rstrip("\n").split("\t") for line in file]
    return rows[0], rows[1], [[float(value) for value in row] for row in rows[2:]]


def draw(path):
    (source, x_name, y_name), names, rows = read(path)
    xs = [math.log(row[0]) for row in rows]
    low = math.floor(min(min(row[1:]) for row in rows) * 20) / 20
    high = math.ceil(max(max(row[1:]) for row in rows) * 20) / 20

    def place(x, y):
        return (LEFT + (x - xs[0]) / (xs[-1] - xs[0]) * (WIDTH - LEFT - RIGHT), HEIGHT - BOTTOM - (y - low) / (high - low) * (HEIGHT - TOP - BOTTOM))

    def text(x, y, words, anchor="start"):
        return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'

    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">',
           f"<title>{escape(source[2:])}</title>", f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>']
    for step in range(round((high - low) * 20) + 1):
        x, y = place(xs[0], low + step / 20)
        out.append(f'<path d="M{x:.1f} {y:.1f}H{WIDTH - RIGHT}" stroke="#d6d3d1"/>' + text(x - 8, y + 4, f"{low + step / 20:.2f}".lstrip("0"), "end"))
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
