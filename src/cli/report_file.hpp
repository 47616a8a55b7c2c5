#pragma once

#include <filesystem>
#include <ordain/result.hpp>
#include <string>
#include <string_view>

namespace ordain::cli {

/// A report on its way to a file: it lies beside the file under a name of its own until it is
/// published, so that nobody ever finds half of one, and what was there stays when anything fails.
/// A pipe or a device, which cannot be replaced, is written to at once.
class ReportFile {
public:
    [[nodiscard]] static Result<ReportFile> write(const std::string& path, std::string_view text);

    ReportFile(ReportFile&& other) noexcept;
    ReportFile& operator=(ReportFile&&) = delete;
    ReportFile(const ReportFile&) = delete;
    ReportFile& operator=(const ReportFile&) = delete;
    /// Takes away what was not published.
    ~ReportFile();

    [[nodiscard]] Result<void> publish();

private:
    ReportFile(std::string path, std::filesystem::path target)
        : path_(std::move(path)),
          target_(std::move(target)) {}

    std::string path_; ///< As the user named it.
    std::filesystem::path target_;
    std::filesystem::path temporary_; ///< Empty: there is nothing to publish.
};

} // namespace ordain::cli
