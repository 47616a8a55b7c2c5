#pragma once

#include <string>
#include <string_view>

namespace ordain::report {

/// The text with passwords and the credentials in URLs replaced by `***`: `PASSWORD 'x'`,
/// `password = 'x'`, `postgres://user:x@host`. What is shown of scripts goes through it, because a
/// report is read by more people than a repository.
[[nodiscard]] std::string without_secrets(std::string text);

} // namespace ordain::report
