// csmc-ea [SEED]: commands on standard input, answers and events on standard output, one line each.
#include "TerminalProcess.h"

#include <cstdio>
#include <cstdlib>
#include <poll.h>
#include <unistd.h>

namespace {

void Say(const std::string &line) {
  std::fwrite(line.data(), 1, line.size(), stdout);
  std::fputc('\n', stdout);
  std::fflush(stdout);
}

} // namespace

int main(int count, char **arguments) {
  TerminalProcess terminal(count > 1 ? std::strtoull(arguments[1], nullptr, 10) : 1, Say);
  std::string waiting;
  for (bool open = true; open;) {
    terminal.Step();
    pollfd input{STDIN_FILENO, POLLIN, 0};
    if (poll(&input, 1, terminal.Idle()) <= 0) continue;
    char bytes[4096];
    const ssize_t read = ::read(STDIN_FILENO, bytes, sizeof bytes);
    open = read > 0;
    waiting.append(bytes, read > 0 ? static_cast<std::size_t>(read) : 0);
    for (std::size_t end = waiting.find('\n'); end != std::string::npos; end = waiting.find('\n')) {
      Say(terminal.Run(waiting.substr(0, end)));
      waiting.erase(0, end + 1);
    }
  }
  terminal.Close();
  return 0;
}
