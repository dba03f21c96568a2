// The points of the search tour: made-up films with made-up vectors, the same in every run.
#pragma once

#include <functional>
#include <random>
#include <string>
#include <vector>

#include "searchengine/v1/points.pb.h"

namespace films {

constexpr int kDimension = 16;
constexpr int kCount = 10'000;

using Numbers = std::vector<float>;

struct Film {
  uint64_t number;
  std::string genre;
  int year;
  Numbers values;
};

struct Scored {
  double score;
  uint64_t number;
};

Numbers RandomNumbers(std::mt19937& random);

// A vector as the contract has it: little-endian floats.
searchengine::v1::Vector ToVector(const Numbers& values);

searchengine::v1::Point ToPoint(const Film& film);

const std::vector<Film>& All();

// The k films closest to the query, by the definition.
std::vector<Scored> Nearest(const Numbers& query, size_t k, const std::function<bool(const Film&)>& matches);

}  // namespace films
