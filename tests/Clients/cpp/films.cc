#include "films.h"

#include <algorithm>
#include <cmath>

namespace films {

namespace {

static_assert(sizeof(float) == 4, "the contract's floats have 32 bits");

double Cosine(const Numbers& a, const Numbers& b) {
  double dot = 0, aa = 0, bb = 0;
  for (int i = 0; i < kDimension; i++) {
    dot += a[i] * b[i];
    aa += a[i] * a[i];
    bb += b[i] * b[i];
  }
  return dot / std::sqrt(aa * bb);
}

std::vector<Film> Make() {
  const std::string genres[] = {"drama", "comedy", "crime", "nature", "space"};
  std::mt19937 random(1);
  std::vector<Film> films;
  films.reserve(kCount);
  for (uint64_t number = 1; number <= kCount; number++) {
    films.push_back({number, genres[number % 5], static_cast<int>(1950 + number % 70), RandomNumbers(random)});
  }
  return films;
}

}  // namespace

Numbers RandomNumbers(std::mt19937& random) {
  std::normal_distribution<float> normal;
  Numbers values(kDimension);
  for (float& value : values) value = normal(random);
  return values;
}

searchengine::v1::Vector ToVector(const Numbers& values) {
  searchengine::v1::Vector vector;
  // On a big-endian machine, send the numbers as `floats` instead.
  vector.mutable_data()->assign(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float));
  return vector;
}

searchengine::v1::Point ToPoint(const Film& film) {
  searchengine::v1::Point point;
  point.mutable_id()->set_number(film.number);
  *point.mutable_vector() = ToVector(film.values);
  (*point.mutable_attributes())["genre"].set_keyword_value(film.genre);
  (*point.mutable_attributes())["year"].set_integer_value(film.year);
  (*point.mutable_texts())["title"] = "Film " + std::to_string(film.number);
  return point;
}

const std::vector<Film>& All() {
  static const std::vector<Film> films = Make();
  return films;
}

std::vector<Scored> Nearest(const Numbers& query, size_t k, const std::function<bool(const Film&)>& matches) {
  std::vector<Scored> scored;
  for (const Film& film : All()) {
    if (matches(film)) scored.push_back({Cosine(query, film.values), film.number});
  }
  std::sort(scored.begin(), scored.end(), [](const Scored& a, const Scored& b) { return a.score > b.score; });
  scored.resize(std::min(k, scored.size()));
  return scored;
}

}  // namespace films
