"""The points of the tour: made-up films with made-up vectors, the same in every run."""

import math
import random
import struct

from search import stubs  # noqa: F401 (makes the generated modules importable)

from searchengine.v1 import common_pb2 as v1, points_pb2

DIMENSION = 16
GENRES = ("drama", "comedy", "crime", "nature", "space")
COUNT = 10_000


def numbers(source):
    return [source.gauss(0, 1) for _ in range(DIMENSION)]


def vector(values):
    """A vector as bytes; with NumPy, Vector(data=array.astype("<f4").tobytes())."""
    return v1.Vector(data=struct.pack(f"<{len(values)}f", *values))


def matrix(rows):
    """Rows of a multi vector as bytes."""
    return v1.MultiVector(dimension=len(rows[0]), data=b"".join(vector(row).data for row in rows))


def cosine(a, b):
    return sum(x * y for x, y in zip(a, b)) / math.sqrt(sum(x * x for x in a) * sum(y * y for y in b))


class Film:
    def __init__(self, number):
        source = random.Random(number)
        self.number = number
        self.genre = GENRES[number % len(GENRES)]
        self.year = 1950 + number % 70
        self.values = numbers(source)

    def point(self):
        return points_pb2.Point(
            id=v1.Id(number=self.number),
            vector=vector(self.values),
            attributes={"genre": v1.Value(keyword_value=self.genre), "year": v1.Value(integer_value=self.year)},
            texts={"title": f"Film {self.number}"})


FILMS = [Film(number) for number in range(1, COUNT + 1)]


def nearest(query, k, matches=lambda film: True):
    """(score, id) of the k films closest to the query, by the definition."""
    scored = ((cosine(query, film.values), film.number) for film in FILMS if matches(film))
    return sorted(scored, reverse=True)[:k]
