#pragma once

#include <chrono>
#include <cstddef>

namespace ordain::cli {

/// A line on the terminal's standard error while a run takes longer than half a second; nothing
/// when that is no terminal. It erases itself at the end.
class Progress {
public:
    Progress();
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;
    ~Progress();

    /// For proof::Progress; `context` is a Progress.
    static void advance(void* context, std::size_t done, std::size_t total);

private:
    using Clock = std::chrono::steady_clock;
    void show(std::size_t done, std::size_t total);

    bool on_terminal_;
    bool shown_ = false;
    Clock::time_point next_;
};

} // namespace ordain::cli
