#pragma once

#include "layout/tool.hpp"

#include <filesystem>
#include <string_view>
#include <vector>

namespace ordain::layout {

[[nodiscard]] LayoutNote
note_on(LayoutNote::Severity severity, const std::filesystem::path& path, std::string_view message);

/// A warning when the order of the steps is not the bytewise order of their names, in which
/// listings, `psql -f *.sql` and reviews show them. `rule` says how the tool orders.
[[nodiscard]] std::vector<LayoutNote> order_notes(const std::vector<Step>& steps,
                                                  const std::filesystem::path& folder,
                                                  std::string_view rule);

/// An error on every step with the same version as the one before it, for tools that stop there;
/// `same` compares two steps, and `consequence` says what the tool does.
[[nodiscard]] std::vector<LayoutNote> duplicate_notes(const std::vector<Step>& steps,
                                                      bool (*same)(const Step&, const Step&),
                                                      std::string_view consequence);

} // namespace ordain::layout
