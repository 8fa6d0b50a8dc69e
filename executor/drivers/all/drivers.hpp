#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "executor/drivers/all/secrets.hpp"
#include "executor/drivers/operator/operator_port.hpp"
#include "executor/engine/observer.hpp"
#include "executor/ports/container_lister.hpp"
#include "executor/ports/program.hpp"
#include "executor/ports/transport.hpp"
#include "model/wme/installation.hpp"

namespace wme::executor {

/// What the drivers are built on; everything must outlive them.
struct DriverSetup {
  HttpTransport& http;
  CommandTransport& commands;
  Environment environment;
  std::function<std::chrono::sys_seconds()> wall_clock;  ///< signatures are judged by real time
  InstructionSink operator_desk;
  ProgramRunner run_program{};  ///< programs that print credentials; empty: none can be started
};

/// Every door of the model for one installation and procedure, wired as the inventory and the
/// environment say (docs/ARCHITECTURE.md lists the variables).
class Drivers {
 public:
  /// Nothing is sent yet. Errors: kInvalid for a missing secret or setting, or a cloud that this
  /// version has no driver for.
  static Result<std::unique_ptr<Drivers>> connect(const model::Inventory& inventory,
                                                  model::Procedure procedure,
                                                  const DriverSetup& setup);
  ~Drivers();
  const Ports& ports() const;
  ContainerLister& launchpad();

 private:
  struct Impl;
  explicit Drivers(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace wme::executor
