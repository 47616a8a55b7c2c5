#pragma once

#include <map>
#include <optional>
#include <ordain/source.hpp>
#include <string>
#include <vector>

namespace ordain {

/// What names of a kind look like.
struct NamePattern {
    /// A regular expression of RE2 for the whole name. In those of columns, indexes and constraints
    /// `{table}` stands for the name of their table, and `{columns}` for their columns, joined by
    /// underscores.
    std::string text;
    Location where; ///< In the settings file.
};

/// What a team has agreed on about names and headers. What is not set is not looked at.
struct Naming {
    std::optional<NamePattern> file; ///< Of a path below the folder of migrations.
    std::optional<NamePattern> table;
    std::optional<NamePattern> column;
    std::optional<NamePattern> index; ///< But for those that carry a constraint.
    std::optional<NamePattern> constraint;
    /// In the place of `constraint`, for constraints of one kind.
    std::optional<NamePattern> primary_key;
    std::optional<NamePattern> foreign_key;
    std::optional<NamePattern> unique;
    std::optional<NamePattern> check;
    std::vector<std::string> header;  ///< Fields that the comment at the head of a script has.
    std::vector<std::string> schemas; ///< In which objects are made.
    /// Names that no column gets, and what to call it instead; empty where nothing takes its place.
    std::map<std::string, std::string, std::less<>> forbidden_columns;
};

} // namespace ordain
