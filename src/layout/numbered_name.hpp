#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ordain::layout {

/// A file name of the form `001_create_users.sql`, `2024-01-02_x.sql` or `7.down.sql`, read without
/// any tool in mind.
struct NumberedName {
    enum class Suffix { none, up, down };
    std::string version; ///< As written; a date and the time after it are one version.
    std::string digits;  ///< The version's digits alone, which order it.
    std::string base; ///< Lower case, without suffix and extension: what an up and its down share.
    Suffix suffix = Suffix::none;
    bool suffix_after_dot = false; ///< `.down` and not `_down`, which may be an ordinary word.
    bool named = false;            ///< Something stands between the version and the suffix.
};

/// Nothing when the name does not begin with a number or does not end in ".sql".
[[nodiscard]] std::optional<NumberedName> parse_numbered_name(std::string_view name);

/// The lower-case stem without a direction suffix, for scripts in a folder of their own.
[[nodiscard]] std::string base_of(std::string_view name);

/// "down", "rollback" and other names of folders that hold scripts for the way back.
[[nodiscard]] bool is_name_of_down_folder(std::string_view name);

} // namespace ordain::layout
