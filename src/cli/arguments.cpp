#include "cli/arguments.hpp"

#include "config/suggestion.hpp"
#include "layout/layout.hpp"
#include "parse/parser.hpp"
#include "text/letter_case.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <map>
#include <ordain/rule.hpp>
#include <ordain/version.hpp>

namespace ordain::cli {
namespace {

using config::suggestion;

constexpr std::string_view description =
    "Says, without a database, what a PostgreSQL server would do with a folder of migrations.";

constexpr std::string_view examples = R"(
Without a command: ordain check .

Examples:
  ordain check migrations               judge what is new in a folder of migrations
  ordain check --all migrations         judge all of it
  ordain check migrations/0007_x.sql    judge one file on the history of its folder
  ordain check - --stdin-filename migrations/0008_y.sql <draft.sql
                                        judge a text as if it were that file
  ordain check --format text --format sarif=ordain.sarif migrations
                                        report to people, and to a file for code scanning
  ordain init                           look at a repository and write a first ordain.toml
  ordain inspect migrations             what each migration does, and what it needs
  ordain explain drop-column            why a rule exists and what to write instead

Exit status:
  0  nothing found at or above the severity of --fail-on
  1  something was found
  2  the command line or a file is not as it should be; the message says which
)";

/// In the order of the enumerators.
constexpr std::array<std::string_view, 8> command_names{"check",  "report", "inspect", "init",
                                                        "config", "rules",  "explain", "generate"};

/// In the order of the enumerators.
constexpr std::array<std::string_view, 4> generated_names{"man", "bash", "zsh", "fish"};

using Words = std::vector<std::string>;

Words words_of(const auto& names) {
    return {names.begin(), names.end()};
}

std::vector<std::string_view> rules_and_categories() {
    std::vector<std::string_view> names;
    for (const Rule* rule : all_rules())
        names.push_back(rule->id);
    for (const Category category : all_categories())
        names.push_back(name_of(category));
    return names;
}

std::string check_layout(const std::string& name) {
    const std::vector<std::string_view> names = layout::layout_names();
    if (std::ranges::find(names, name) != names.end()) return {};
    return fmt::format("there is no layout \"{}\"{}; layouts: {}", name, suggestion(name, names),
                       fmt::join(names, ", "));
}

/// A rule and what its findings are to be; an unset severity turns it off.
struct RuleSetting {
    std::string rule;
    std::optional<Severity> severity;
};

Result<RuleSetting> parse_rule_setting(const std::string& text) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos) {
        return failure(fmt::format("\"{}\" should be RULE=error, warning, note or off", text));
    }
    RuleSetting setting{.rule = text.substr(0, equals), .severity = {}};
    const std::string value = text.substr(equals + 1);
    const std::vector<std::string_view> names = rules_and_categories();
    if (std::ranges::find(names, setting.rule) == names.end()) {
        return failure(
            fmt::format("there is no rule or category \"{}\"{} (`ordain rules` lists them)",
                        setting.rule, suggestion(text::lower_case(setting.rule), names)));
    }
    setting.severity = parse_severity(value);
    if (!setting.severity && value != "off") {
        return failure(fmt::format("\"{}\" should be error, warning, note or off", value));
    }
    return setting;
}

std::string check_rule_setting(const std::string& text) {
    const Result<RuleSetting> setting = parse_rule_setting(text);
    return setting ? std::string() : setting.error().message;
}

struct FormatName {
    std::string_view name;
    Format format;
};
constexpr std::array<FormatName, 6> format_names{{{"text", Format::text},
                                                  {"json", Format::json},
                                                  {"sarif", Format::sarif},
                                                  {"github", Format::github},
                                                  {"junit", Format::junit},
                                                  {"markdown", Format::markdown}}};

std::string_view name_of(Format format) {
    return std::ranges::find(format_names, format, &FormatName::format)->name;
}

/// The formats that a command has, its default first.
std::vector<Format> formats_of(Command command) {
    switch (command) {
    case Command::check:
        return {Format::text, Format::json, Format::sarif, Format::github, Format::junit};
    case Command::report: return {Format::markdown, Format::json};
    case Command::inspect:
    case Command::init:
    case Command::config:
    case Command::rules:
    case Command::explain:
    case Command::generate: break;
    }
    return {Format::text, Format::json};
}

std::vector<std::string_view> format_names_of(Command command) {
    std::vector<std::string_view> names;
    for (const Format format : formats_of(command))
        names.push_back(name_of(format));
    return names;
}

/// FORMAT or FORMAT=FILE.
Result<ReportChoice> parse_report_choice(const std::string& text, Command command) {
    const std::size_t equals = text.find('=');
    const std::string name = text.substr(0, equals);
    const std::vector<std::string_view> names = format_names_of(command);
    const auto found = std::ranges::find(names, name);
    if (found == names.end()) {
        return failure(fmt::format("ordain {} has no format \"{}\"{}; formats: {}",
                                   command_names.at(static_cast<std::size_t>(command)), name,
                                   suggestion(text::lower_case(name), names),
                                   fmt::join(names, ", ")));
    }
    ReportChoice choice;
    choice.format = formats_of(command).at(static_cast<std::size_t>(found - names.begin()));
    if (equals == std::string::npos) return choice;
    choice.file = text.substr(equals + 1);
    if (choice.file->empty()) {
        return failure(fmt::format("\"{}\" names no file; write {}=FILE, or {} alone for standard "
                                   "output",
                                   text, name, name));
    }
    return choice;
}

/// For an option of a command whose value is FORMAT or FORMAT=FILE.
CLI::Validator report_choice_of(Command command) {
    return {[command](const std::string& text) {
                const Result<ReportChoice> choice = parse_report_choice(text, command);
                return choice ? std::string() : choice.error().message;
            },
            ""};
}

/// "a, b or c".
std::string alternatives(const std::vector<std::string>& words) {
    const std::vector<std::string> all_but_last(words.begin(), words.end() - 1);
    return fmt::format("{} or {}", fmt::join(all_but_last, ", "), words.back());
}

// CLI11 would print what a validator allows behind what type_name() says: hence no description.
CLI::Validator one_of(Words words) {
    return {[words = std::move(words)](const std::string& text) {
                if (std::ranges::find(words, text) != words.end()) return std::string();
                return fmt::format("\"{}\" should be {}", text, alternatives(words));
            },
            ""};
}

CLI::Validator between(std::uint32_t least, std::uint32_t most) {
    return {[least, most](const std::string& text) {
                std::uint32_t number = 0;
                const char* end = text.data() + text.size();
                const auto [stop, error] = std::from_chars(text.data(), end, number);
                const bool read = error == std::errc() && stop == end;
                if (read && number >= least && number <= most) return std::string();
                return fmt::format("\"{}\" should be a whole number from {} to {}", text, least,
                                   most);
            },
            ""};
}

/// A command line in the making: what CLI11 writes to, before it is turned into Arguments.
class CommandLine {
public:
    CommandLine() {
        app_.set_help_flag("-h,--help", "Print this help");
        app_.set_version_flag("--version", version_text(),
                              "Print Ordain's version and its grammar's");
        app_.require_subcommand(0, 1);
        app_.footer(std::string(examples));
        add_check();
        add_report();
        add_inspect();
        add_init();
        add_config();
        add_rules();
        add_explain();
        add_generate();
    }

    [[nodiscard]] Usage usage() const {
        Usage usage{.name = app_.get_name(),
                    .version = std::string(version),
                    .description = std::string(description),
                    .footer = std::string(examples),
                    .options = options_of(app_),
                    .commands = {}};
        for (const CLI::App* command : app_.get_subcommands({})) {
            usage.commands.push_back({.name = command->get_name(),
                                      .description = command->get_description(),
                                      .arguments = options_of(*command, Kind::argument),
                                      .options = options_of(*command)});
        }
        return usage;
    }

    std::variant<Arguments, Answered> parse(std::vector<std::string> words) {
        if (is_bare(words)) words.insert(words.begin(), "check");
        // CLI11 takes the words from the end, and takes them away.
        std::vector<std::string> left(words.rbegin(), words.rend());
        try {
            app_.parse(left);
        } catch (const CLI::CallForVersion& call) {
            return answered(std::string(call.what()) + "\n");
        } catch (const CLI::CallForHelp&) {
            return answered(app_.help());
        } catch (const CLI::ExtrasError&) {
            return refused(extras_message());
        } catch (const CLI::ArgumentMismatch& error) {
            return refused(mismatch_message(error.what(), words));
        } catch (const CLI::RequiredError&) {
            return refused(explain_->parsed()
                               ? "explain needs the name of a rule; `ordain rules` lists them"
                               : "generate needs what to print: man, bash, zsh or fish");
        } catch (const CLI::ParseError& error) {
            return refused(error.what());
        }
        return arguments();
    }

private:
    enum class Kind : std::uint8_t { option, argument };

    [[nodiscard]] std::vector<OptionUsage> options_of(const CLI::App& app,
                                                      Kind kind = Kind::option) const {
        std::vector<OptionUsage> result;
        for (const CLI::Option* option : app.get_options()) {
            if (option->nonpositional() != (kind == Kind::option)) continue;
            OptionUsage& usage = result.emplace_back();
            for (const std::string& name : option->get_snames())
                usage.names.push_back("-" + name);
            for (const std::string& name : option->get_lnames())
                usage.names.push_back("--" + name);
            usage.value = kind == Kind::argument ? option->get_name(true) : option->get_type_name();
            usage.description = option->get_description();
            usage.standard = option->get_default_str();
            const auto words = words_.find(option);
            if (words != words_.end()) usage.words = words->second;
            usage.repeatable = option->get_expected_max() > 1;
            usage.required = option->get_required();
        }
        return result;
    }

    /// An option whose value is one of these words.
    void limit(CLI::Option& option, Words words) {
        option.check(one_of(words))->type_name(fmt::format("{}", fmt::join(words, "|")));
        words_.emplace(&option, std::move(words));
    }

    static std::string version_text() {
        return fmt::format("ordain {} (grammar of PostgreSQL {})", version,
                           parse::grammar_version());
    }

    /// `ordain` and `ordain --fail-on warning` check the current folder.
    static bool is_bare(const std::vector<std::string>& words) {
        if (words.empty()) return true;
        const std::string& first = words.front();
        return first.starts_with('-') && first != "-h" && first != "--help" && first != "--version";
    }

    void add_check() {
        check_ =
            app_.add_subcommand("check", "Judge migrations and report what is wrong with them");
        check_->add_option("PATH", paths_, "A folder, files, or - for standard input (default: .)")
            ->type_name("");
        add_stdin_filename(*check_);
        add_scope_options(*check_);
        limit(*check_->add_option("--fail-on", fail_on_, "Exit with status 1 from this severity on")
                   ->capture_default_str(),
              {"error", "warning", "note"});
        add_rule_option(*check_);
        add_replay_options(*check_);
        add_output_options(*check_, Command::check);
    }

    void add_report() {
        report_ = app_.add_subcommand(
            "report", "Write the risk assessment from which a team decides Go or No-Go");
        report_->add_option("PATH", paths_, "A folder, files, or - for standard input (default: .)")
            ->type_name("");
        add_stdin_filename(*report_);
        report_->footer("");
        add_scope_options(*report_);
        report_->add_option("-o,--output", output_, "Write to this file and not to standard output")
            ->type_name("FILE");
        add_rule_option(*report_);
        add_replay_options(*report_);
        add_output_options(*report_, Command::report);
    }

    void add_scope_options(CLI::App& command) {
        CLI::Option* since =
            command
                .add_option("--since", since_,
                            "Judge what is new since the merge base with this commit (default: "
                            "with the remote's default branch)")
                ->type_name("REF");
        CLI::Option* all =
            command.add_flag("--all", all_, "Judge every migration, also those that have run")
                ->excludes(since);
        command
            .add_option("--applied", applied_,
                        "Judge what this file does not name: the migrations that have run, a "
                        "version or file name a line")
            ->type_name("FILE")
            ->excludes(since)
            ->excludes(all);
    }

    void add_inspect() {
        inspect_ = app_.add_subcommand("inspect", "Show what each migration does, needs and locks");
        inspect_
            ->add_option("PATH", paths_, "A folder, a file, or - for standard input (default: .)")
            ->type_name("");
        add_stdin_filename(*inspect_);
        inspect_->footer("");
        add_replay_options(*inspect_);
        add_output_options(*inspect_, Command::inspect);
    }

    void add_init() {
        init_command_ = app_.add_subcommand(
            "init", "Look at a repository, say what it shows, and write a first ordain.toml");
        init_command_->add_option("FOLDER", paths_, "Where the repository is (default: .)")
            ->type_name("")
            ->expected(0, 1);
        init_command_->footer("");
        init_command_->add_flag("--hook", init_.hook, "Write a hook for pre-commit as well");
        limit(*init_command_->add_option("--ci", init_.ci, "Write a job for this service as well"),
              {"github", "gitlab"});
        init_command_->add_flag("--dry-run", init_.dry_run, "Show what would be written");
    }

    void add_config() {
        config_command_ =
            app_.add_subcommand("config", "Show the settings that hold, and where each comes from");
        config_command_->add_option("PATH", paths_, "Where migrations are (default: .)")
            ->type_name("");
        config_command_->footer("");
        add_rule_option(*config_command_);
        add_replay_options(*config_command_);
    }

    void add_rule_option(CLI::App& command) {
        CLI::Option* rule =
            command
                .add_option(
                    "--rule", rules_,
                    "Set the severity of the findings of a rule, or of a category; repeatable")
                ->check(CLI::Validator(check_rule_setting, "", "rule"))
                ->type_name("RULE=error|warning|note|off")
                ->allow_extra_args(false);
        for (const std::string_view name : rules_and_categories())
            words_[rule].push_back(fmt::format("{}=", name));
    }

    void add_rules() {
        rules_command_ = app_.add_subcommand("rules", "List all rules");
        rules_command_->footer("");
        add_output_options(*rules_command_, Command::rules);
    }

    void add_explain() {
        explain_ = app_.add_subcommand("explain", "Explain a rule: why, and what to write instead");
        CLI::Option* rule =
            explain_->add_option("RULE", rule_, "What stands in the brackets of a finding")
                ->required()
                ->type_name("");
        for (const Rule* each : all_rules())
            words_[rule].emplace_back(each->id);
        explain_->footer("");
        add_color_option(*explain_);
    }

    void add_generate() {
        generate_ = app_.add_subcommand(
            "generate", "Print the manual page, or completions for a shell to source");
        CLI::Option* what =
            generate_->add_option("WHAT", generated_, "man, bash, zsh or fish")->required();
        limit(*what, words_of(generated_names));
        what->type_name("");
        generate_->footer("");
    }

    void add_stdin_filename(CLI::App& command) {
        command
            .add_option("--stdin-filename", stdin_filename_,
                        "The file that standard input stands for; its folder is the history")
            ->type_name("NAME");
    }

    void add_replay_options(CLI::App& command) {
        CLI::Option* config =
            command
                .add_option("--config", config_,
                            "The settings file (default: ordain.toml in the folder of the first "
                            "path or above it)")
                ->type_name("FILE");
        command.add_flag("--no-config", no_config_, "Read no settings file")->excludes(config);
        command
            .add_option(
                "--postgres", postgres_,
                fmt::format(
                    "The server's major version (default: what the repository shows, or {})",
                    grammar_postgres))
            ->check(between(oldest_postgres, newest_postgres))
            ->type_name(fmt::format("{}..{}", oldest_postgres, newest_postgres));
        CLI::Option* layout =
            command
                .add_option("--layout", layout_,
                            "Read the folder as this tool does (default: found out)")
                ->check(CLI::Validator(check_layout, "", "layout"))
                ->type_name("NAME");
        words_.emplace(layout, words_of(layout::layout_names()));
        limit(*command.add_option(
                  "--history", history_,
                  "complete: what no migration creates does not exist; partial: the folder starts "
                  "midway, and it is assumed to exist (default: found out)"),
              {"complete", "partial"});
        command
            .add_option("--threads", threads_, "Threads to read and parse on (default: one a core)")
            ->check(between(1, max_threads))
            ->type_name("N");
    }

    void add_output_options(CLI::App& command, Command which) {
        CLI::Option* format =
            command
                .add_option("--format", formats_,
                            fmt::format("How to report: {}; to standard output or to a file; "
                                        "repeatable (default: {})",
                                        fmt::join(format_names_of(which), ", "),
                                        name_of(formats_of(which).front())))
                ->check(report_choice_of(which))
                ->type_name("FORMAT[=FILE]")
                ->allow_extra_args(false);
        words_.emplace(format, words_of(format_names_of(which)));
        add_color_option(command);
    }

    void add_color_option(CLI::App& command) {
        limit(*command
                   .add_option("--color", color_,
                               "Colour the text (auto: on a terminal, unless NO_COLOR is set)")
                   ->capture_default_str(),
              {"auto", "always", "never"});
    }

    static Answered answered(std::string text) {
        return {.stream = Answered::Stream::output, .text = std::move(text)};
    }

    /// A message that says itself which command helps needs no second one.
    static Answered refused(std::string_view message) {
        constexpr std::string_view hint = " (`ordain --help` shows how it is used)";
        const bool helps = message.find("`ordain ") != std::string_view::npos;
        return {.stream = Answered::Stream::error,
                .text = fmt::format("{}{}", message, helps ? "" : hint)};
    }

    /// About an option without its value, or with several.
    std::string mismatch_message(std::string_view error, const std::vector<std::string>& words) {
        const std::string name(error.substr(0, error.find(':')));
        const auto count = std::ranges::count_if(words, [&](const std::string& word) {
            return word == name || word.starts_with(name + "=");
        });
        if (count > 1) return fmt::format("{} is given {} times; once is enough", name, count);
        const std::vector<CLI::App*> chosen = app_.get_subcommands();
        const CLI::Option* option =
            chosen.empty() ? nullptr : chosen.front()->get_option_no_throw(name);
        if (option == nullptr) return std::string(error);
        return fmt::format("{0} needs a value: {0} {1}", name, option->get_type_name());
    }

    /// About the first word that nobody wanted.
    std::string extras_message() {
        const std::string word = app_.remaining(true).front();
        const std::vector<CLI::App*> chosen = app_.get_subcommands();
        const std::string_view general = general_option(word);
        if (!general.empty()) {
            return fmt::format("\"{}\" is no {}; did you mean `ordain {}`?", word,
                               word.starts_with('-') ? "option here" : "command", general);
        }
        if (word.starts_with('-')) {
            const std::vector<std::string> names = option_names(chosen);
            const std::vector<std::string_view> views(names.begin(), names.end());
            const std::string written = word.substr(0, word.find('='));
            return fmt::format("there is no option \"{}\"{}", written, suggestion(written, views));
        }
        if (!chosen.empty()) return fmt::format("one argument too many: \"{}\"", word);
        std::error_code error;
        if (std::filesystem::exists(word, error)) {
            return fmt::format("\"{0}\" is no command; to judge it: ordain check {0}", word);
        }
        return fmt::format("there is no command \"{}\"{}", word, suggestion(word, command_names));
    }

    /// The option of the program itself that other programs have under this name.
    static std::string_view general_option(std::string_view word) {
        if (word == "help") return "--help";
        constexpr std::array<std::string_view, 5> names{"-V", "-v", "-version", "--version",
                                                        "version"};
        return std::ranges::find(names, word) == names.end() ? "" : "--version";
    }

    [[nodiscard]] static std::vector<std::string>
    option_names(const std::vector<CLI::App*>& chosen) {
        std::vector<std::string> names{"--help", "--version"};
        for (const CLI::App* command : chosen) {
            for (const CLI::Option* option : command->get_options()) {
                if (option->nonpositional()) names.push_back(option->get_name());
            }
        }
        return names;
    }

    std::variant<Arguments, Answered> arguments() {
        Arguments result;
        result.command = command();
        result.paths = std::move(paths_);
        result.config = config_;
        result.no_config = no_config_;
        result.stdin_filename = stdin_filename_;
        result.since = since_;
        result.all = all_;
        result.applied = applied_;
        result.rule = rule_;
        const auto* const generated = std::ranges::find(generated_names, generated_);
        if (generated != generated_names.end())
            result.generated = static_cast<Generated>(generated - generated_names.begin());
        result.reports = report_choices(result.command);
        result.color = color_choice();
        result.fail_on = parse_severity(fail_on_).value_or(Severity::error);
        result.options = setting_options();
        result.init = init_;
        const std::string_view fault = fault_of(result);
        if (!fault.empty()) return refused(fault);
        const std::string clash = clash_of(result.reports);
        if (!clash.empty()) return refused(clash);
        return result;
    }

    [[nodiscard]] std::vector<ReportChoice> report_choices(Command command) const {
        std::vector<ReportChoice> choices;
        for (const std::string& text : formats_) {
            Result<ReportChoice> choice = parse_report_choice(text, command);
            if (choice) choices.push_back(std::move(*choice));
        }
        if (choices.empty()) {
            choices.push_back({.format = formats_of(command).front(), .file = std::nullopt});
        }
        if (output_ && !choices.front().file) choices.front().file = output_;
        return choices;
    }

    /// Which two reports want to go to the same place; empty when none do.
    static std::string clash_of(const std::vector<ReportChoice>& reports) {
        const auto place = [](const ReportChoice& report) {
            return std::filesystem::path(report.file.value_or("")).lexically_normal();
        };
        for (auto report = reports.begin(); report != reports.end(); ++report) {
            const auto other = std::find_if(reports.begin(), report, [&](const ReportChoice& each) {
                return place(each) == place(*report);
            });
            if (other == report) continue;
            if (report->file) {
                return fmt::format("two reports would go to the file \"{}\"; name another for one "
                                   "of them",
                                   *report->file);
            }
            return fmt::format("only one report can go to standard output; give another a file: "
                               "--format {}=FILE",
                               name_of(report->format));
        }
        return {};
    }

    /// What is wrong with options that are right one by one; empty when nothing is.
    static std::string_view fault_of(const Arguments& arguments) {
        const std::vector<std::string>& paths = arguments.paths;
        if (std::ranges::find(paths, "") != paths.end()) {
            return "a path is empty; name a folder or a file, or nothing for the current folder";
        }
        const bool reads_input = std::ranges::find(paths, "-") != paths.end();
        if (reads_input && paths.size() > 1) {
            return "\"-\" (standard input) cannot be mixed with other paths";
        }
        if (arguments.command == Command::inspect && paths.size() > 1) {
            return "inspect shows one folder or one file; name only one path";
        }
        if (arguments.stdin_filename && !reads_input) {
            return "--stdin-filename needs \"-\" (standard input) as the path";
        }
        if (arguments.stdin_filename && arguments.stdin_filename->empty()) {
            return "--stdin-filename is empty; name the file that standard input stands for";
        }
        return {};
    }

    [[nodiscard]] Command command() const {
        if (report_->parsed()) return Command::report;
        if (inspect_->parsed()) return Command::inspect;
        if (init_command_->parsed()) return Command::init;
        if (config_command_->parsed()) return Command::config;
        if (rules_command_->parsed()) return Command::rules;
        if (explain_->parsed()) return Command::explain;
        return generate_->parsed() ? Command::generate : Command::check;
    }

    [[nodiscard]] ColorChoice color_choice() const {
        if (color_ == "always") return ColorChoice::always;
        return color_ == "never" ? ColorChoice::never : ColorChoice::automatic;
    }

    [[nodiscard]] SettingOptions setting_options() const {
        SettingOptions settings{.postgres = postgres_,
                                .layout = layout_,
                                .complete_history = std::nullopt,
                                .threads = threads_,
                                .rules = {}};
        if (history_) settings.complete_history = *history_ == "complete";
        for (const std::string& text : rules_) {
            const Result<RuleSetting> setting = parse_rule_setting(text);
            if (setting) settings.rules.insert_or_assign(setting->rule, setting->severity);
        }
        return settings;
    }

    static constexpr std::uint32_t max_threads = 256;

    CLI::App app_{std::string(description), "ordain"};
    CLI::App* check_ = nullptr;
    CLI::App* report_ = nullptr;
    CLI::App* inspect_ = nullptr;
    CLI::App* init_command_ = nullptr;
    CLI::App* config_command_ = nullptr;
    CLI::App* rules_command_ = nullptr;
    CLI::App* explain_ = nullptr;
    CLI::App* generate_ = nullptr;
    /// What can be given to an option, where that can be listed.
    std::map<const CLI::Option*, Words> words_;
    std::vector<std::string> paths_;
    std::optional<std::string> stdin_filename_;
    std::optional<std::string> config_;
    bool no_config_ = false;
    std::optional<std::string> layout_;
    std::optional<std::string> history_;
    std::vector<std::string> rules_;
    std::optional<std::string> since_;
    bool all_ = false;
    std::optional<std::string> applied_;
    std::string rule_;
    std::string generated_;
    std::vector<std::string> formats_;
    std::optional<std::string> output_;
    std::string color_ = "auto";
    std::string fail_on_ = "error";
    std::optional<std::uint32_t> postgres_;
    std::optional<unsigned> threads_;
    InitChoices init_;
};

} // namespace

Usage usage() {
    return CommandLine().usage();
}

std::variant<Arguments, Answered> parse_arguments(std::vector<std::string> words) {
    return CommandLine().parse(std::move(words));
}

} // namespace ordain::cli
