#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <ordain/result.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace ordain {

/// A half-open range of byte offsets into the original bytes of one file. Offsets are never
/// shifted: what is masked or decoded keeps its length. Empty means "place not known".
struct Span {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;

    [[nodiscard]] constexpr bool empty() const { return begin >= end; }
    [[nodiscard]] constexpr std::uint32_t size() const { return end - begin; }
    auto operator<=>(const Span&) const = default;
};

/// Names a file of a SourceSet.
enum class FileId : std::uint32_t {};

/// A span together with its file.
struct Location {
    FileId file{};
    Span span;

    auto operator<=>(const Location&) const = default;
};

/// A place as people count: both from 1; columns count code points, an invalid byte counts one.
struct Position {
    std::uint32_t line = 1;
    std::uint32_t column = 1;

    auto operator<=>(const Position&) const = default;
};

/// Who reads a script before the server does.
enum class Client {
    psql,   ///< psql takes a byte order mark, its \commands and COPY's data for itself.
    driver, ///< Nobody: the server is sent every byte.
};

/// The bytes of one file, owned for the whole run, and where its lines begin. A line ends at LF,
/// CR LF or a lone CR. A leading UTF-8 byte order mark belongs to the bytes but to no line's text.
class SourceFile {
public:
    SourceFile(std::string path, std::string bytes, Client client = Client::psql);

    /// The path as the user should see it, relative where possible.
    [[nodiscard]] const std::string& path() const { return path_; }
    [[nodiscard]] std::string_view bytes() const { return bytes_; }
    [[nodiscard]] std::string_view text(Span span) const;
    [[nodiscard]] Client client() const { return client_; }
    /// Length of the byte order mark: 0 or 3.
    [[nodiscard]] std::uint32_t bom_length() const { return bom_length_; }

    [[nodiscard]] Position position(std::uint32_t offset) const;
    /// Column in UTF-16 code units, counted from 1, as SARIF and LSP want it.
    [[nodiscard]] std::uint32_t utf16_column(std::uint32_t offset) const;
    [[nodiscard]] std::uint32_t line_count() const;
    /// The text of a line (from 1) without its line end and without the byte order mark.
    [[nodiscard]] Span line_span(std::uint32_t line) const;

private:
    std::string path_;
    std::string bytes_;
    std::vector<std::uint32_t> line_begins_;
    std::uint32_t bom_length_ = 0;
    Client client_ = Client::psql;
};

/// All files of a run. References stay valid while files are added.
class SourceSet {
public:
    FileId add(std::string path, std::string bytes, Client client = Client::psql);
    [[nodiscard]] const SourceFile& file(FileId id) const {
        return *files_[static_cast<std::size_t>(id)];
    }
    [[nodiscard]] std::size_t size() const { return files_.size(); }

private:
    std::vector<std::unique_ptr<SourceFile>> files_;
};

/// Files above this size are refused: no migration is that long, and spans are 32 bits wide.
inline constexpr std::size_t max_file_bytes = std::size_t{64} * 1024 * 1024;

} // namespace ordain
