// A tour of the search API against a running `searchengine serve`: every step checks what it did and prints one line.
//
//     "$(tests/Clients/cpp/build.sh)/search_tour" --server localhost:7700
#include <grpcpp/grpcpp.h>

#include <chrono>
#include <cmath>
#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>

#include "films.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "searchengine/v1/collections.grpc.pb.h"
#include "searchengine/v1/points.grpc.pb.h"
#include "searchengine/v1/search.grpc.pb.h"

namespace {

using namespace searchengine::v1;

constexpr std::chrono::seconds kDeadline(30);  // Every call has one: a server that hangs is a failed step, not a hung tour.
constexpr int kHits = 10;
constexpr int kFramePoints = 500;  // Calls have a size limit; uploads of any size stream, as the Python tour shows.
constexpr double kRounding = 2e-3;  // Vectors are stored as float16.
const std::string kCollection = "films-cpp";
const std::string kSpace = "tour/films@16";  // Who made the vectors; the server refuses those that come from elsewhere.

void Check(bool condition, const std::string& what) {
  if (!condition) throw std::runtime_error(what);
}

void Ok(const grpc::Status& status) {
  Check(status.ok(), "status " + std::to_string(status.error_code()) + ": " + status.error_message());
}

class Context : public grpc::ClientContext {
 public:
  Context() { set_deadline(std::chrono::system_clock::now() + kDeadline); }
};

// Why a call failed: the status carries a google.rpc.Status with the details.
google::rpc::ErrorInfo Refusal(const grpc::Status& status) {
  google::rpc::Status details;
  Check(details.ParseFromString(status.error_details()), "the details are no google.rpc.Status");
  google::rpc::ErrorInfo info;
  for (const auto& detail : details.details()) {
    if (detail.UnpackTo(&info)) return info;
  }
  throw std::runtime_error("no ErrorInfo came with: " + status.error_message());
}

VectorOrigin Origin(Side side) {
  VectorOrigin origin;
  origin.set_space(kSpace);
  origin.set_side(side);
  return origin;
}

class Tour {
 public:
  explicit Tour(const std::shared_ptr<grpc::Channel>& channel)
      : collections_(Collections::NewStub(channel)), points_(Points::NewStub(channel)), search_(Search::NewStub(channel)) {}

  std::string Create() {
    CreateCollectionRequest request;
    request.mutable_header()->set_collection(kCollection);
    auto* vector = request.mutable_config()->add_vectors();
    vector->set_dimension(films::kDimension);
    vector->mutable_space()->set_declared(kSpace);
    vector->mutable_space()->set_sidedness(SIDEDNESS_ASYMMETRIC);
    auto* genre = request.mutable_config()->add_attributes();
    genre->set_name("genre");
    genre->set_type(ATTRIBUTE_TYPE_KEYWORD);
    auto* year = request.mutable_config()->add_attributes();
    year->set_name("year");
    year->set_type(ATTRIBUTE_TYPE_INTEGER);
    request.mutable_config()->add_texts()->set_name("title");
    Context context;
    CreateCollectionReply reply;
    Ok(collections_->Create(&context, request, &reply));
    Check(reply.collection().state() == COLLECTION_STATE_READY, "the collection is not ready");
    return reply.collection().name() + " in space " + kSpace;
  }

  std::string Upsert() {
    const auto& all = films::All();
    size_t written = 0;
    for (size_t from = 0; from < all.size(); from += kFramePoints) {
      auto request = UpsertOf(SIDE_DOCUMENT);
      for (size_t i = from; i < from + kFramePoints; i++) *request.add_points() = films::ToPoint(all[i]);
      Context context;
      UpsertReply reply;
      Ok(points_->Upsert(&context, request, &reply));
      written += reply.written();
    }
    Check(written == all.size(), std::to_string(written) + " points were written");
    return std::to_string(written) + " points, acknowledged when they were safe";
  }

  std::string RefuseTheWrongSide() {
    auto request = UpsertOf(SIDE_QUERY);
    *request.add_points() = films::ToPoint(films::All().front());
    Context context;
    UpsertReply reply;
    const auto status = points_->Upsert(&context, request, &reply);
    Check(status.error_code() == grpc::StatusCode::FAILED_PRECONDITION, "a query vector was not refused as a document");
    const auto info = Refusal(status);
    Check(info.reason() == "SIDE_MISMATCH", info.ShortDebugString());
    Check(info.metadata().at("field") == "origin.side" && info.metadata().at("expected") == "DOCUMENT", info.ShortDebugString());
    return info.reason() + ": " + info.metadata().at("fix");
  }

  std::string SearchExactly() {
    const auto query = films::RandomNumbers(random_);
    const auto reply = Find(Request(query));
    Same(reply, films::Nearest(query, kHits, [](const films::Film&) { return true; }));
    Check(reply.complete() && reply.recall().basis() == RECALL_BASIS_EXACT, "an exact search is complete");
    Check(reply.fingerprint().space() == kSpace, "the hits are of space " + reply.fingerprint().space());
    return reply.hits(0).point().texts().at("title") + " at " + std::to_string(reply.hits(0).score());
  }

  std::string SearchStream() {
    SearchStreamRequest request;
    *request.mutable_search() = Request(films::RandomNumbers(random_));
    Context context;
    auto stream = search_->SearchStream(&context, request);
    std::vector<uint64_t> proved;
    SearchFrame frame;
    SearchReply reply;
    int revisions = 0;
    while (stream->Read(&frame)) {
      if (frame.has_reply()) reply = frame.reply();
      if (!frame.has_result()) continue;
      revisions++;
      if (frame.result().final_basis() != FINAL_BASIS_PROVED) continue;
      proved.clear();
      for (uint32_t i = 0; i < frame.result().final_prefix(); i++) proved.push_back(frame.result().whole().hits(i).id().number());
    }
    Ok(stream->Finish());
    const auto unary = Find(request.search());
    Check(reply.hits_size() == unary.hits_size(), "the closing frame differs from the unary reply");
    for (int i = 0; i < reply.hits_size(); i++) {
      Check(reply.hits(i).id().number() == unary.hits(i).id().number(), "the closing frame differs from the unary reply");
    }
    for (size_t i = 0; i < proved.size(); i++) Check(proved[i] == reply.hits(i).id().number(), "a proved prefix changed");
    return std::to_string(revisions) + " revisions, the last " + std::to_string(proved.size()) + " hits proved before the end";
  }

  std::string SearchWithFilter() {
    const auto query = films::RandomNumbers(random_);
    auto request = Request(query);
    auto* genre = request.mutable_filter()->add_must()->mutable_equal_to();
    genre->set_attribute("genre");
    genre->mutable_value()->set_keyword_value("crime");
    auto* year = request.mutable_filter()->add_must_not()->mutable_range();
    year->set_attribute("year");
    year->mutable_at_least()->set_integer_value(1960);
    const auto reply = Find(request);
    Same(reply, films::Nearest(query, kHits, [](const films::Film& film) { return film.genre == "crime" && film.year < 1960; }));
    return std::to_string(reply.hits_size()) + " of " + std::to_string(reply.plan().match_count()) + " that match, by " +
           Strategy_Name(reply.plan().strategy());
  }

  std::string CleanUp() {
    DeleteCollectionRequest request;
    request.mutable_header()->set_collection(kCollection);
    Context context;
    DeleteCollectionReply reply;
    Ok(collections_->Delete(&context, request, &reply));
    return "nothing is left";
  }

 private:
  static UpsertRequest UpsertOf(Side side) {
    UpsertRequest request;
    request.mutable_header()->set_collection(kCollection);
    *request.mutable_origin() = Origin(side);
    return request;
  }

  static SearchRequest Request(const films::Numbers& values) {
    SearchRequest request;
    request.mutable_header()->set_collection(kCollection);
    request.set_k(kHits);
    *request.mutable_query()->mutable_vector() = films::ToVector(values);
    *request.mutable_query()->mutable_origin() = Origin(SIDE_QUERY);
    request.mutable_accuracy()->mutable_exact();
    request.mutable_fields()->add_texts("title");
    return request;
  }

  SearchReply Find(const SearchRequest& request) {
    Context context;
    SearchReply reply;
    Ok(search_->Search(&context, request, &reply));
    return reply;
  }

  static void Same(const SearchReply& reply, const std::vector<films::Scored>& expected) {
    Check(static_cast<size_t>(reply.hits_size()) == expected.size(), std::to_string(reply.hits_size()) + " hits");
    for (int i = 0; i < reply.hits_size(); i++) {
      Check(std::abs(reply.hits(i).score() - expected[i].score) < kRounding,
            "film " + std::to_string(expected[i].number) + " scores " + std::to_string(expected[i].score) + ", the hit in its place " +
                std::to_string(reply.hits(i).score()));
    }
  }

  std::unique_ptr<Collections::Stub> collections_;
  std::unique_ptr<Points::Stub> points_;
  std::unique_ptr<Search::Stub> search_;
  std::mt19937 random_{20'000};
};

struct Step {
  const char* name;
  std::string (Tour::*run)();
};

constexpr Step kSteps[] = {{"create", &Tour::Create},
                           {"upsert", &Tour::Upsert},
                           {"refuse_the_wrong_side", &Tour::RefuseTheWrongSide},
                           {"search", &Tour::SearchExactly},
                           {"search_stream", &Tour::SearchStream},
                           {"search_with_filter", &Tour::SearchWithFilter},
                           {"clean_up", &Tour::CleanUp}};

}  // namespace

int main(int count, char** words) {
  const std::string server = count == 3 && std::string(words[1]) == "--server" ? words[2] : "localhost:7700";
  Tour tour(grpc::CreateChannel(server, grpc::InsecureChannelCredentials()));
  for (const Step& step : kSteps) {
    try {
      std::cout << "PASS " << step.name << ": " << (tour.*step.run)() << std::endl;
    } catch (const std::exception& wrong) {
      std::cout << "FAIL " << step.name << ": " << wrong.what() << std::endl;
      return 1;
    }
  }
  return 0;
}
