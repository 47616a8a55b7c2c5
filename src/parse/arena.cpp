#include "parse/arena.hpp"

#include <algorithm>
#include <new>
#include <utility>

namespace ordain::parse {
namespace {

constexpr std::size_t first_block_bytes = std::size_t{64} * 1024;
constexpr std::size_t largest_block_bytes = std::size_t{8} * 1024 * 1024;

std::size_t aligned(std::size_t bytes) {
    constexpr std::size_t alignment = alignof(std::max_align_t);
    return (bytes + alignment - 1) / alignment * alignment;
}

} // namespace

void* Arena::allocate(std::size_t bytes) {
    const std::size_t wanted = aligned(bytes);
    if (blocks_.empty() || blocks_.back().size - used_ < wanted) {
        if (!grow(wanted)) return nullptr;
    }
    void* piece = blocks_.back().bytes.get() + used_;
    used_ += wanted;
    return piece;
}

void Arena::reset() {
    if (blocks_.size() > 1) blocks_.erase(blocks_.begin() + 1, blocks_.end());
    used_ = 0;
}

bool Arena::grow(std::size_t at_least) {
    const std::size_t doubled = blocks_.empty()
                                    ? first_block_bytes
                                    : std::min(blocks_.back().size * 2, largest_block_bytes);
    Block block{.bytes = nullptr, .size = std::max(doubled, at_least)};
    block.bytes.reset(new (std::nothrow) std::byte[block.size]);
    if (!block.bytes) return false;
    blocks_.push_back(std::move(block));
    used_ = 0;
    return true;
}

} // namespace ordain::parse
