#include "Network.h"

#include <algorithm>

namespace mt {

std::string MemoryLine::Take() {
  std::string bytes(m_toFar.begin(), m_toFar.end());
  m_toFar.clear();
  return bytes;
}

void MemoryLine::Give(std::string_view bytes) {
  for (char c : bytes) m_toNear.push_back(static_cast<unsigned char>(c));
}

class MemoryConnection final : public Connection {
public:
  MemoryConnection(std::shared_ptr<MemoryLine> line, Clock &clock) : m_line(std::move(line)), m_clock(clock) {}
  ~MemoryConnection() override { m_line->m_closedNear = true; }

  bool IsOpen() override { return m_line->silent || !m_line->m_closedFar || !m_line->m_toNear.empty(); }
  int Readable() override { return static_cast<int>(std::min<std::size_t>(m_line->m_toNear.size(), 1 << 30)); }
  bool Writable() override { return m_line->m_toFar.size() < m_line->window; }

  int Read(unsigned char *to, int most, long milliseconds) override {
    if (m_line->m_toNear.empty() && !Gone() && milliseconds > 0) m_clock.Wait(milliseconds);
    if (m_line->m_toNear.empty()) return Gone() ? -1 : 0;
    const int count = std::min({most, Readable(), std::max(1, m_line->readPiece)});
    std::copy_n(m_line->m_toNear.begin(), count, to);
    m_line->m_toNear.erase(m_line->m_toNear.begin(), m_line->m_toNear.begin() + count);
    return count;
  }

  int Write(const unsigned char *from, int count, long milliseconds) override {
    if (Gone()) return -1;
    if (m_line->sendTakes > 0) m_clock.Wait(std::min(m_line->sendTakes, milliseconds));
    if (!Writable()) m_clock.Wait(milliseconds);
    if (!Writable()) return -1;
    const std::size_t room = m_line->window - m_line->m_toFar.size();
    count = std::min({count, std::max(1, m_line->sendPiece), static_cast<int>(std::min<std::size_t>(room, 1 << 30))});
    m_line->m_toFar.insert(m_line->m_toFar.end(), from, from + count);
    return count;
  }

  bool StartTls(const std::string &host, long) override {
    if (!m_line->tls) return false;
    m_facts.subject = host;
    m_isTls = true;
    return true;
  }
  const TlsFacts *Tls() const override { return m_isTls ? &m_facts : nullptr; }

private:
  bool Gone() const { return m_line->m_closedFar && !m_line->silent; }

  std::shared_ptr<MemoryLine> m_line;
  Clock &m_clock;
  TlsFacts m_facts;
  bool m_isTls = false;
};

std::unique_ptr<Connection> MemoryNetwork::Connect(const std::string &host, unsigned port, long milliseconds) {
  if (blackHole) {
    m_clock.Wait(milliseconds);
    return nullptr;
  }
  auto line = std::make_shared<MemoryLine>();
  line->host = host;
  line->port = port;
  if (!onConnect || !onConnect(line)) return nullptr;
  return std::make_unique<MemoryConnection>(line, m_clock);
}

} // namespace mt
