#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <pthread.h>

namespace ordain::parse {

/// A thread with a stack of a chosen size, which std::thread cannot give. Joins when destroyed.
class LargeStackThread {
public:
    /// Enough for the deepest statement that the parser accepts, several times over, with the
    /// frames of a build with sanitizers. Pages that are not touched cost nothing.
    static constexpr std::size_t stack_bytes = std::size_t{256} * 1024 * 1024;

    explicit LargeStackThread(std::function<void()> work);
    LargeStackThread(const LargeStackThread&) = delete;
    LargeStackThread& operator=(const LargeStackThread&) = delete;
    ~LargeStackThread();

    /// False where the system refuses another thread; the work has not run and will not.
    [[nodiscard]] bool started() const { return thread_.has_value(); }

private:
    static void* run(void* self);

    std::function<void()> work_;
    std::optional<pthread_t> thread_;
};

} // namespace ordain::parse
