// What a test of a class needs around it: the terminal's machine, and where it reads or trades, files and an account.
#pragma once
#include "Machine/Machine.h"
#include "Mql5.h"
#include "Terminal/TradeBinding.h"

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <sstream>
#include <string>
#include <unistd.h>

namespace unit {

/// A clock that the test moves, and lines in memory.
class OnMachine : public testing::Test {
protected:
  mt::VirtualClock clock;
  mt::MemoryNetwork network{clock};
  mt::Machine machine{clock, network};
  mt::Machine::Scope scope{machine};
};

/// And a folder MQL5\Files.
class WithFiles : public OnMachine {
protected:
  void SetUp() override {
    char name[] = "/tmp/csmc-mql5-XXXXXX";
    machine.files.folder = mkdtemp(name);
    _LastError = 0;
  }

  void TearDown() override {
    machine.files.CloseAll();
    std::filesystem::remove_all(machine.files.folder);
  }

  std::string Content(const std::string &name) const {
    std::ifstream file(machine.files.folder + "/" + name, std::ios::binary);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
  }
};

/// Or a terminal with a trade server.
class WithAccount : public OnMachine {
protected:
  mt::Program program{machine, mt::Handlers{}};
  sim::TradeWorld world{5};
  sim::TradeBinding binding{world, machine, program};
};

} // namespace unit
