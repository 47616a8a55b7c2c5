#pragma once

#include <cstddef>
#include <memory>
#include <vector>

namespace ordain::parse {

/// Memory that is taken in small pieces and given back at once. Pieces hold no destructors.
class Arena {
public:
    /// Aligned for any scalar; null when the system has no memory left.
    [[nodiscard]] void* allocate(std::size_t bytes);
    /// Gives all pieces back. One block is kept, so that the next statement finds it warm.
    void reset();

private:
    struct Block {
        std::unique_ptr<std::byte[]> bytes; // NOLINT(modernize-avoid-c-arrays): raw memory
        std::size_t size = 0;
    };
    [[nodiscard]] bool grow(std::size_t at_least);

    std::vector<Block> blocks_;
    std::size_t used_ = 0; ///< Of the last block.
};

} // namespace ordain::parse
