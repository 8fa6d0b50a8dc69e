#include "executor/telling/log.hpp"

#include <fcntl.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>

#include "executor/telling/text_line.hpp"
#include "executor/telling/told_json.hpp"

namespace wme::executor {

namespace {

spdlog::level::level_enum level_of(Severity severity) {
  switch (severity) {
    case Severity::kDebug:
      return spdlog::level::debug;
    case Severity::kInfo:
      return spdlog::level::info;
    case Severity::kWarning:
      return spdlog::level::warn;
    case Severity::kError:
      return spdlog::level::err;
  }
  return spdlog::level::err;
}

class LogSink final : public Sink {
 public:
  LogSink(const LogOptions& options, spdlog::sink_ptr to)
      : options_(options), logger_("rehydrate", std::move(to)) {
    logger_.set_pattern("%v");  // times are those of the run, not of the writing
    logger_.set_level(level_of(options.severity_min));
    logger_.flush_on(spdlog::level::trace);
    // Its own way would be to write to stderr, into the live view.
    logger_.set_error_handler([this](const std::string&) { ++unwritten_; });
  }

  void take(const Told& told) override {
    const auto level = level_of(severity_of(told));
    if (!logger_.should_log(level)) return;
    logger_.log(level,
                options_.format == LogOptions::Format::kJson ? json_line(told) : text_line(told));
  }
  void give_up() override {}
  /// A disk keeps nobody waiting for long, and the last lines of a log are those that are read.
  void leave(const Told& told) override { take(told); }
  std::string complaint() const override {
    if (unwritten_ == 0) return "";
    return std::to_string(unwritten_) + " lines could not be written to " +
           (options_.file.empty() ? "stderr" : options_.file) + "; is the disk full?";
  }

 private:
  const LogOptions options_;
  spdlog::logger logger_;
  std::atomic<std::uint64_t> unwritten_ = 0;
};

Error cannot_log(const std::string& file, const std::string& why) {
  return {ErrorCode::kInvalid, "log " + file + ": " + why + "; name another file with --log-file"};
}

/// There before the library opens it: it knows no permissions, and waits for readers of pipes.
Status prepare(const std::string& file) {
  const int opened = ::open(file.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK,
                            S_IRUSR | S_IWUSR);
  if (opened < 0) return cannot_log(file, std::strerror(errno));
  struct stat is {};
  const bool regular = ::fstat(opened, &is) == 0 && S_ISREG(is.st_mode);
  ::close(opened);
  if (!regular) return cannot_log(file, "is no file");
  return Done{};
}

}  // namespace

Result<std::unique_ptr<Sink>> make_log(const LogOptions& options) {
  if (options.file.empty())
    return std::unique_ptr<Sink>(
        std::make_unique<LogSink>(options, std::make_shared<spdlog::sinks::stderr_sink_st>()));
  if (Status ready = prepare(options.file); !ready) return ready.error();
  try {
    return std::unique_ptr<Sink>(std::make_unique<LogSink>(
        options, std::make_shared<spdlog::sinks::basic_file_sink_st>(options.file)));
  } catch (const spdlog::spdlog_ex& problem) {
    return cannot_log(options.file, problem.what());
  }
}

}  // namespace wme::executor
