#include "parse/large_stack_thread.hpp"

#include <utility>

namespace ordain::parse {

LargeStackThread::LargeStackThread(std::function<void()> work) : work_(std::move(work)) {
    pthread_attr_t attributes{};
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, stack_bytes);
    pthread_t thread{};
    if (pthread_create(&thread, &attributes, run, this) == 0) thread_ = thread;
    pthread_attr_destroy(&attributes);
}

LargeStackThread::~LargeStackThread() {
    if (thread_) pthread_join(*thread_, nullptr);
}

void* LargeStackThread::run(void* self) {
    static_cast<LargeStackThread*>(self)->work_();
    return nullptr;
}

} // namespace ordain::parse
