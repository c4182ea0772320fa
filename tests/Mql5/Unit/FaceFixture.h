// A terminal with a clock that the test moves, a folder for files and an account: what settings, log and panel need around them.
#pragma once
#include "MachineFixture.h"

#include <algorithm>

namespace face {

class Terminal : public unit::WithFiles {
protected:
  sim::TradeWorld world;

  void SetUp() override {
    unit::WithFiles::SetUp();
    sim::CurrentDesk() = &world.desk;
    world.Run("account login=5012345 server=MetaQuotes-Demo margin=hedging");
    world.Advance(clock.UtcMicroseconds() / 1000);
    world.Run("connect");
    world.Advance(clock.UtcMicroseconds() / 1000 + 60'000);
    _LastError = 0;
  }

  void TearDown() override {
    unit::WithFiles::TearDown();
    sim::CurrentDesk() = nullptr;
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
