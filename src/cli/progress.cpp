#include "cli/progress.hpp"

#include <fmt/format.h>
#include <string>
#include <unistd.h>

namespace ordain::cli {
namespace {

constexpr std::chrono::milliseconds patience{500};
constexpr std::chrono::milliseconds interval{100};
constexpr const char* erase_line = "\r\x1b[K";

void put(const std::string& text) {
    // A line of progress that cannot be written is not missed.
    static_cast<void>(::write(STDERR_FILENO, text.data(), text.size()) < 0);
}

} // namespace

Progress::Progress() : on_terminal_(::isatty(STDERR_FILENO) == 1), next_(Clock::now() + patience) {}

Progress::~Progress() {
    if (shown_) put(erase_line);
}

void Progress::advance(void* context, std::size_t done, std::size_t total) {
    static_cast<Progress*>(context)->show(done, total);
}

void Progress::show(std::size_t done, std::size_t total) {
    if (!on_terminal_ || Clock::now() < next_) return;
    next_ = Clock::now() + interval;
    shown_ = true;
    put(fmt::format("{}ordain: {} of {} migrations", erase_line, done, total));
}

} // namespace ordain::cli
