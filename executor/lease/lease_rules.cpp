#include "executor/lease/lease_rules.hpp"

#include <utility>

#include "executor/journal/timestamp.hpp"

namespace wme::executor {
namespace {

bool expired(const LeaseRow& row, const LeaseMoment& now) {
  if (!now.boot_id.empty() && row.lease.holder.boot_id == now.boot_id)
    return now.since_boot >= row.until_since_boot;
  return now.wall >= row.lease.until;
}

std::string in_quotes(const std::string& text) {
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

bool is_url(const std::string& journal) { return journal.find("://") != std::string::npos; }

/// The command that breaks it, in the store where it is.
std::string how_to_break(const Lease& lease) {
  return "rehydrate lock break --installation " + in_quotes(lease.installation) + " --reason TEXT" +
         (is_url(lease.holder.journal) ? " --journal " + in_quotes(lease.holder.journal) : "");
}

std::string told(const Lease& lease) {
  return in_words(lease.holder) + " since " + rfc3339(lease.since) + ", until " +
         rfc3339(lease.until) + " unless it is renewed, fence " + std::to_string(lease.fence) +
         ", journal " + lease.holder.journal;
}

Error is_held(const Lease& lease) {
  return {ErrorCode::kRefused, "installation " + lease.installation + " is locked by " +
                                   told(lease) +
                                   "; nothing was done. See how that run is: rehydrate status " +
                                   in_quotes(lease.holder.journal) +
                                   ". To let it stop at its next safe point: rehydrate stop " +
                                   in_quotes(lease.holder.journal) +
                                   ". Only when you know that it is dead: " + how_to_break(lease)};
}

Error is_lost(const std::string& installation, long long fence, const std::string& why) {
  return {ErrorCode::kRefused, "installation " + installation +
                                   ": this run has lost its lock (fence " + std::to_string(fence) +
                                   "): " + why + "; it sends nothing more"};
}

/// Why lease `fence` is no more the one that counts; none while it is.
std::optional<Error> lost(const std::optional<LeaseRow>& row, const std::string& installation,
                          long long fence) {
  if (!row)
    return is_lost(installation, fence,
                   "the store knows of no lock on it; was its file removed, or another one asked?");
  if (row->lease.fence != fence)
    return is_lost(installation, fence,
                   "it was taken over by " + told(row->lease) + "; see rehydrate status " +
                       in_quotes(row->lease.holder.journal));
  if (row->ended == "broken")
    return is_lost(installation, fence, "it was broken " + row->ended_how);
  return std::nullopt;
}

LeaseEvent event(const LeaseRow& row, TimePoint at, std::string what, std::string by,
                 std::string reason) {
  return {at,
          row.lease.installation,
          row.lease.fence,
          std::move(what),
          std::move(by),
          std::move(reason)};
}

/// Why the lease before does not stand in the way any more.
std::string overtaken(const Lease& lease, LeaseState state) {
  const std::string whose = "the lease of " + in_words(lease.holder) + ", journal " +
                            lease.holder.journal + ", fence " + std::to_string(lease.fence);
  if (state == LeaseState::kEnded) return whose + ": its process is gone";
  return whose + ": it expired at " + rfc3339(lease.until);
}

bool is_name(const std::string& text) {
  constexpr std::size_t kCharactersMax = 200;
  bool printable = !text.empty() && text.size() <= kCharactersMax;
  for (const char c : text) printable = printable && static_cast<unsigned char>(c) >= ' ';
  return printable;
}

}  // namespace

std::string_view to_string(LeaseState state) {
  switch (state) {
    case LeaseState::kHeld:
      return "held";
    case LeaseState::kExpired:
      return "expired";
    case LeaseState::kEnded:
      return "ended";
    case LeaseState::kReleased:
      return "released";
    case LeaseState::kBroken:
      return "broken";
  }
  return "";
}

LeaseState state_of(const LeaseRow& row, const LeaseMoment& now, const HasEnded& has_ended) {
  if (row.ended == "released") return LeaseState::kReleased;
  if (row.ended == "broken") return LeaseState::kBroken;
  if (has_ended(row.lease.holder)) return LeaseState::kEnded;
  return expired(row, now) ? LeaseState::kExpired : LeaseState::kHeld;
}

Result<LeaseChange> acquired(const std::optional<LeaseRow>& before, const std::string& installation,
                             const Holder& holder, std::chrono::milliseconds time_to_live,
                             const LeaseMoment& now, const HasEnded& has_ended) {
  if (!is_name(installation))
    return Error{ErrorCode::kInvalid,
                 "the lock: an installation's name has 1 to 200 printable characters"};
  LeaseRow row;
  row.lease = {installation, holder, 1, now.wall, now.wall + time_to_live};
  row.until_since_boot = now.since_boot + time_to_live;
  std::string what = "acquired";
  std::string reason;
  if (before) {
    const LeaseState state = state_of(*before, now, has_ended);
    if (state == LeaseState::kHeld) return is_held(before->lease);
    row.lease.fence = before->lease.fence + 1;
    if (state == LeaseState::kExpired || state == LeaseState::kEnded) {
      what = "taken-over";
      reason = overtaken(before->lease, state);
    }
  }
  return LeaseChange{row, event(row, now.wall, what, in_words(holder), reason)};
}

Result<LeaseChange> renewed(const std::optional<LeaseRow>& before, const std::string& installation,
                            long long fence, std::chrono::milliseconds time_to_live,
                            const LeaseMoment& now) {
  if (const auto why = lost(before, installation, fence)) return *why;
  if (before->ended == "released") return is_lost(installation, fence, "it was given back");
  LeaseRow row = *before;
  row.lease.until = now.wall + time_to_live;
  row.until_since_boot = now.since_boot + time_to_live;
  return LeaseChange{row, std::nullopt};
}

Result<LeaseChange> released(const std::optional<LeaseRow>& before, const std::string& installation,
                             long long fence, const LeaseMoment& now) {
  if (const auto why = lost(before, installation, fence)) return *why;
  if (before->ended == "released") return LeaseChange{*before, std::nullopt};
  LeaseRow row = *before;
  row.ended = "released";
  return LeaseChange{row, event(row, now.wall, row.ended, in_words(row.lease.holder), "")};
}

Result<LeaseChange> broken(const std::optional<LeaseRow>& before, const std::string& installation,
                           const std::string& by, const std::string& reason,
                           const LeaseMoment& now) {
  if (reason.empty())
    return Error{ErrorCode::kInvalid, "the lock on " + installation +
                                          " is broken only for a reason: it stays in the history"};
  if (!before || !before->ended.empty())
    return Error{ErrorCode::kNotFound, "installation " + installation + " is not locked" +
                                           (before ? " any more (" + before->ended + ")" : "") +
                                           "; see all locks with rehydrate lock show"};
  LeaseRow row = *before;
  row.ended = "broken";
  row.ended_how = "by " + by + " at " + rfc3339(now.wall) + ": " + reason;
  return LeaseChange{row, event(row, now.wall, row.ended, by, reason)};
}

}  // namespace wme::executor
