// Times whole runs of the built program on a generated history, or on a folder of one's own,
// against the floor of the parser: libpg_query alone on the same statements in the same run.

#include "bench/history.hpp"
#include "bench/parser_floor.hpp"
#include "bench/program_run.hpp"
#include "layout/layout.hpp"
#include "text/scanner.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <string>
#include <vector>

namespace ordain {
namespace {

namespace fs = std::filesystem;
using Seconds = std::chrono::duration<double>;

constexpr std::size_t migrations = 4000;
constexpr std::size_t committed_migrations = 1000;
constexpr int runs_of_folder = 3;
constexpr int runs_of_file = 20;

/// A line of the table.
struct Measurement {
    std::string what;
    Seconds time{};
    std::int64_t peak_kib = 0; ///< 0: not measured.
};

/// The best of several runs: what disturbs a run only ever slows it.
Result<Measurement> measure(std::string what, const std::vector<std::string>& words, int runs) {
    Measurement best{.what = std::move(what), .time = Seconds::max()};
    for (int run = 0; run < runs; ++run) {
        const Result<bench::ProgramRun> ended = bench::run_program(words);
        if (!ended) return tl::unexpected(ended.error());
        if (ended->status > 1) {
            return failure(fmt::format("{}: exit status {}", fmt::join(words, " "), ended->status));
        }
        best.time = std::min(best.time, ended->wall_time);
        best.peak_kib = std::max(best.peak_kib, ended->peak_kib);
    }
    return best;
}

/// All statements of a folder, as they are sent to a server.
struct Statements {
    std::vector<std::string> texts;
    std::size_t migrations = 0;
    std::size_t bytes = 0;
};

void add_statements(const SourceSet& sources, const Script& script, Statements& statements) {
    const SourceFile& file = sources.file(script.file);
    const text::Scan scan = text::scan(file, script.section);
    for (const text::ScannedStatement& statement : scan.statements) {
        statements.texts.emplace_back(text::StatementText(file, scan, statement).view());
    }
    statements.bytes += script.section.size();
}

Result<Statements> read_statements(const fs::path& folder) {
    SourceSet sources;
    const Result<Plan> plan = layout::read_plan(folder, sources, {});
    if (!plan) return tl::unexpected(plan.error());
    Statements statements{.texts = {}, .migrations = plan->migrations.size()};
    for (const Migration& migration : plan->migrations) {
        add_statements(sources, migration.up, statements);
        if (migration.down) add_statements(sources, *migration.down, statements);
    }
    return statements;
}

Measurement measure_floor(const Statements& statements) {
    Measurement best{.what = "parser alone, 1 thread", .time = Seconds::max()};
    for (int run = 0; run < runs_of_folder; ++run) {
        best.time = std::min(best.time, bench::measure_floor(statements.texts).time);
    }
    return best;
}

void print(const std::vector<Measurement>& table, const Statements& statements) {
    const double floor = table.front().time.count();
    const double megabytes = static_cast<double>(statements.bytes) / 1e6;
    fmt::print("{} migrations, {} statements, {:.1f} MB\n\n", statements.migrations,
               statements.texts.size(), megabytes);
    fmt::print("{:32} {:>9} {:>9} {:>10} {:>10}\n", "", "ms", "x floor", "MB/s", "peak MiB");
    for (const Measurement& row : table) {
        const double seconds = row.time.count();
        fmt::print("{:32} {:9.1f} {:9.2f} {:10.1f} {:>10}\n", row.what, seconds * 1e3,
                   seconds / floor, megabytes / seconds,
                   row.peak_kib == 0
                       ? "-"
                       : fmt::format("{:.0f}", static_cast<double>(row.peak_kib) / 1024));
    }
}

/// A file without a history.
Result<Measurement> measure_small_file(const std::string& program) {
    const Result<bench::TemporaryFolder> folder = bench::TemporaryFolder::make();
    if (!folder) return tl::unexpected(folder.error());
    const fs::path file = folder->path() / "small.sql";
    std::ofstream(file) << "CREATE TABLE notes (id bigint PRIMARY KEY, body text NOT NULL);\n";
    return measure("check, one small file", {program, "check", file.string()}, runs_of_file);
}

Result<void> git(const fs::path& folder, const std::vector<std::string>& words) {
    std::vector<std::string> all = {"/usr/bin/env", "git",
                                    "-C",           folder.string(),
                                    "-c",           "user.name=bench",
                                    "-c",           "user.email=bench@localhost"};
    all.insert(all.end(), words.begin(), words.end());
    const Result<bench::ProgramRun> ended = bench::run_program(all);
    if (!ended) return tl::unexpected(ended.error());
    if (ended->status == 0) return {};
    return failure(fmt::format("{}: exit status {}", fmt::join(all, " "), ended->status));
}

/// What a pre-commit hook waits for: a history that is committed, and one file that is staged.
Result<Measurement> measure_hook(const std::string& program) {
    const Result<bench::TemporaryFolder> folder = bench::TemporaryFolder::make();
    if (!folder) return tl::unexpected(folder.error());
    const fs::path history = folder->path() / "migrations";
    bench::write_history(history, committed_migrations);
    const fs::path staged = history / "99999_staged.sql";
    for (const std::vector<std::string>& words :
         {std::vector<std::string>{"init", "-q", "-b", "main"},
          {"add", "."},
          {"commit", "-q", "-m", "history"}}) {
        const Result<void> done = git(folder->path(), words);
        if (!done) return tl::unexpected(done.error());
    }
    std::ofstream(staged) << "ALTER TABLE orders_1 ADD COLUMN note text;\n";
    const Result<void> added = git(folder->path(), {"add", "."});
    if (!added) return tl::unexpected(added.error());
    return measure(fmt::format("check, 1 staged file after {}", committed_migrations),
                   {program, "check", staged.string()}, runs_of_file);
}

Result<void> run(const std::string& program, const fs::path& folder) {
    // The runs come first: the kernel counts what this process holds when it starts them.
    std::vector<Measurement> rows;
    for (const char* threads : {"1", "2"}) {
        Result<Measurement> row =
            measure(fmt::format("check, {} thread(s)", threads),
                    {program, "check", "--threads", threads, folder.string()}, runs_of_folder);
        if (!row) return tl::unexpected(row.error());
        rows.push_back(std::move(*row));
    }
    const Result<Measurement> small = measure_small_file(program);
    if (!small) return tl::unexpected(small.error());
    const Result<Measurement> hook = measure_hook(program);
    if (!hook) return tl::unexpected(hook.error());
    const Result<Statements> statements = read_statements(folder);
    if (!statements) return tl::unexpected(statements.error());
    rows.insert(rows.begin(), measure_floor(*statements));
    print(rows, *statements);
    fmt::print("\n{:32} {:9.1f}\n", small->what, small->time.count() * 1e3);
    fmt::print("{:32} {:9.1f}\n", hook->what, hook->time.count() * 1e3);
    return {};
}

Result<void> run_on_generated(const std::string& program) {
    const Result<bench::TemporaryFolder> folder = bench::TemporaryFolder::make();
    if (!folder) return tl::unexpected(folder.error());
    const fs::path history = folder->path() / "migrations";
    bench::write_history(history, migrations);
    return run(program, history);
}

} // namespace
} // namespace ordain

int main(int argc, char** argv) {
    try {
        // Both programs are built into the same folder.
        const std::string program =
            (ordain::fs::read_symlink("/proc/self/exe").parent_path() / "ordain").string();
        const ordain::Result<void> done =
            argc > 1 ? ordain::run(program, argv[1]) : ordain::run_on_generated(program);
        if (done) return 0;
        fmt::print(stderr, "ordain_bench: {}\n", done.error().message);
    } catch (const std::exception& error) {
        fmt::print(stderr, "ordain_bench: {}\n", error.what());
    }
    return 1;
}
