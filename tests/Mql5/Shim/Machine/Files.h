// MQL5\Files and Common\Files: folders of this machine that the EA cannot leave.
#pragma once
#include "../Api/Machine.h"

#include <cstdio>
#include <map>
#include <set>

namespace mt {

class Files {
public:
  ~Files();

  /// Folders of this machine; empty: every open fails.
  std::string folder, commonFolder;
  /// Names (as the EA writes them, with '/') that another program keeps locked.
  std::set<std::string> locked;
  /// The disk is full: nothing more is written.
  bool full = false;

  struct Open {
    std::FILE *file = nullptr;
    std::string path;
    int flags = 0;
    uint codepage = 0;
  };

  int OpenFile(const std::string &name, int flags, uint codepage);
  Open *Find(int handle);
  void Close(int handle);
  /// The path of a name; false: it leaves the folder (5002).
  bool Resolve(const std::string &name, bool common, std::string &path) const;
  bool IsOpen(const std::string &path) const;
  bool IsLocked(const std::string &name) const;
  std::size_t OpenCount() const { return m_open.size(); }
  /// At the end of a program: what it left open is closed.
  void CloseAll();

private:
  std::map<int, Open> m_open;
};

} // namespace mt
