#pragma once

#include <string>
#include <string_view>

namespace ordain::assess {

/// What the comment at the top of a script says that it is for: the text behind `Purpose:` or
/// `Description:`, else its first line in words. Empty where there is none.
[[nodiscard]] std::string purpose_of(std::string_view script);

} // namespace ordain::assess
