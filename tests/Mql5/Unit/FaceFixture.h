// A terminal with a clock that the test moves, a folder for files and an account: what settings, log and panel need around them.
#pragma once
#include "Machine/Machine.h"
#include "Mql5.h"
#include "Terminal/TradeWorld.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <sstream>
#include <unistd.h>

namespace face {

class Terminal : public testing::Test {
protected:
  mt::VirtualClock clock;
  mt::MemoryNetwork network{clock};
  mt::Machine machine{clock, network};
  mt::Machine::Scope scope{machine};
  sim::TradeWorld world;

  void SetUp() override {
    char name[] = "/tmp/csmc-face-XXXXXX";
    machine.files.folder = mkdtemp(name);
    sim::CurrentDesk() = &world.desk;
    world.Run("account login=5012345 server=MetaQuotes-Demo margin=hedging");
    world.Advance(clock.UtcMicroseconds() / 1000);
    world.Run("connect");
    world.Advance(clock.UtcMicroseconds() / 1000 + 60'000);
    _LastError = 0;
  }

  void TearDown() override {
    machine.files.CloseAll();
    std::filesystem::remove_all(machine.files.folder);
    sim::CurrentDesk() = nullptr;
  }

  std::string Content(const std::string &name) const {
    std::ifstream file(machine.files.folder + "/" + name, std::ios::binary);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
  }

  void Put(const std::string &name, const std::string &bytes) const { std::ofstream(machine.files.folder + "/" + name, std::ios::binary) << bytes; }

  std::vector<std::string> FileNames(const std::string &folder) const {
    std::vector<std::string> names;
    for (const auto &entry : std::filesystem::directory_iterator(machine.files.folder + "/" + folder)) names.push_back(entry.path().filename());
    std::sort(names.begin(), names.end());
    return names;
  }
};

} // namespace face
