#include "simulators/core/profile_front.hpp"

#include <utility>

#include "simulators/core/envelope.hpp"

namespace wme::simulators {

namespace {

constexpr std::size_t kRememberedReads = 1024;

HttpResponse dropped() {
  HttpResponse nothing;
  nothing.drop = true;
  return nothing;
}

model::Arguments our_words(const model::Operation& operation, const Form& query) {
  model::Arguments words;
  for (const auto& [word, name] : operation.query)
    if (const auto at = query.find(name); at != query.end()) words.emplace(word, at->second);
  return words;
}

}  // namespace

ProfileFront::ProfileFront(World& world, const model::SystemProfile& profile, std::string system)
    : world_(world), profile_(profile), system_(std::move(system)) {}

HttpResponse ProfileFront::handle(const HttpRequest& request) {
  const std::string path = request.path();
  // Whoever may read may ask for the head of it; the server leaves the body away.
  const std::string method = request.method == "HEAD" ? "GET" : request.method;
  auto match = profile_.match(method, path);
  if (!match)
    return failure(profile_, 404, "no.such.operation",
                   request.method + " " + path + " is no operation of " + system_);
  const ProfileRequest asked{
      request, match->operation, std::move(match->arguments),
      our_words(profile_.operation(match->operation), parse_form(request.query())),
      system_ + " " + request.method + " " + path};
  const auto lock = world_.enter();
  const bool was_read = request.method == "GET" && last_reads_.contains(request.target);
  HttpResponse response =
      faulty(asked, world_.next_fault(method + " " + asked.operation, was_read));
  response.headers.emplace_back("Date", http_date(world_.conditions().time_at(system_)));
  return response;
}

HttpResponse ProfileFront::faulty(const ProfileRequest& request, Fault fault) {
  switch (fault) {
    case Fault::kRequestLost:
      return dropped();
    case Fault::kAnswerLost:
      remembered(request);
      return dropped();
    case Fault::kThrottled:
      return failure(profile_, 429, "too.many.requests", "slow down, then ask again");
    case Fault::kServerError:
      return failure(profile_, 500, "internal.error", "something went wrong");
    case Fault::kStaleRead:
      return last_reads_.at(request.http.target);
    case Fault::kDenied:
      return failure(profile_, 403, "access.denied", "this user may not do that");
    case Fault::kNone:
    case Fault::kOutcomeFails:  // the world's: addressed by the action's name
    case Fault::kSlow:
    case Fault::kHangs:
      break;
  }
  return remembered(request);
}

/// Answers; a read is kept, so that a stale one can show what was seen before.
HttpResponse ProfileFront::remembered(const ProfileRequest& request) {
  HttpResponse response = answer(request);
  if (request.http.method == "GET" &&
      (last_reads_.size() < kRememberedReads || last_reads_.contains(request.http.target)))
    last_reads_[request.http.target] = response;
  return response;
}

}  // namespace wme::simulators
