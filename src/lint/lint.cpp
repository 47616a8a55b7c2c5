#include "lint/lint.hpp"

#include "config/severities.hpp"
#include "config/suggestion.hpp"
#include "lint/acceptances.hpp"
#include "lint/allowances.hpp"
#include "lint/live_actions.hpp"
#include "lint/obstacles.hpp"
#include "lint/row_uses.hpp"
#include "text/letter_case.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>

namespace ordain::lint {
namespace {

/// A rule that is on somewhere.
struct ActiveRule {
    const Rule* rule = nullptr;
    config::RuleNames names;
};

std::vector<ActiveRule>
active_rules(std::span<const Rule* const> rules, const Plan& plan, const Settings& settings) {
    std::vector<ActiveRule> active;
    for (const Rule* rule : rules) {
        const bool by_default = rule->on_by_default ||
                                (rule->enabled_for != nullptr && rule->enabled_for(plan, settings));
        const config::RuleNames names{
            .rule = rule->id, .category = name_of(rule->category), .on_by_default = by_default};
        if (config::may_be_on(settings, names)) active.push_back({.rule = rule, .names = names});
    }
    return active;
}

std::vector<bool> selection(const Plan& plan, const std::vector<std::size_t>& selected) {
    std::vector<bool> chosen(plan.migrations.size(), false);
    for (const std::size_t index : selected)
        chosen.at(index) = true;
    return chosen;
}

/// Whether what was taken back is as if it had never been: the locks that it held were held.
bool is_about_what_stays(const Rule& rule) {
    switch (rule.category) {
    case Category::destructive:
    case Category::compatibility:
    case Category::security:
    case Category::design: return true;
    case Category::naming:
    case Category::validity:
    case Category::order:
    case Category::history:
    case Category::repeatability:
    case Category::rollback:
    case Category::locking:
    case Category::suppression: break;
    }
    return false;
}

/// Shows each Action of the migrations reported on to the rules.
class Inspector : public replay::Observer {
public:
    Inspector(const SourceSet& sources,
              const Plan& plan,
              const Settings& settings,
              const std::vector<ActiveRule>& rules,
              const std::vector<bool>& selected)
        : sources_(sources),
          plan_(plan),
          settings_(settings),
          rules_(rules),
          selected_(selected) {}

    void observe(const replay::Observed& observed) override {
        if (!selected_[observed.migration.ordinal - 1]) return;
        note_guarded_creation(observed);
        row_uses_.begin(plan_, observed.migration);
        if (observed.outcome.status == Outcome::Status::refused) {
            obstacles_.push_back(
                {.migration = observed.migration.ordinal, .notes = obstacles_to(plan_, observed)});
        }
        const ActionContext context{.settings = settings_,
                                    .sources = sources_,
                                    .plan = plan_,
                                    .migration = observed.migration,
                                    .statement = observed.statement,
                                    .action = observed.action,
                                    .outcome = observed.outcome,
                                    .catalog = observed.catalog,
                                    .in_transaction_block = observed.in_transaction_block,
                                    .down = false,
                                    .maybe_older = maybe_older_,
                                    .held = observed.held,
                                    .row_uses = row_uses_.all()};
        const Location statement{.file = observed.migration.up.file,
                                 .span = observed.statement.span};
        live_actions_.note(observed, context);
        ++actions_;
        for (const ActiveRule& active : rules_) {
            if (active.rule->check == nullptr) continue;
            Findings collector(active.rule->id, active.rule->severity, statement,
                               observed.migration.ordinal, findings_);
            const std::size_t before = findings_.size();
            active.rule->check(context, collector);
            for (std::size_t index = before; index < findings_.size(); ++index)
                name_objects(observed, findings_[index]);
        }
        row_uses_.note(context, actions_);
        actions_of_findings_.resize(findings_.size(), actions_);
    }

    [[nodiscard]] std::size_t moment() const override { return actions_; }

    void taken_back(std::size_t since) override {
        row_uses_.take_back(since);
        const auto kept = std::ranges::upper_bound(actions_of_findings_, since);
        const auto first = findings_.begin() + (kept - actions_of_findings_.begin());
        const auto gone = [this](const Finding& finding) {
            const auto found = std::ranges::find(
                rules_, finding.rule, [](const ActiveRule& active) { return active.rule->id; });
            return is_about_what_stays(*found->rule);
        };
        findings_.erase(std::remove_if(first, findings_.end(), gone), findings_.end());
        actions_of_findings_.resize(findings_.size());
    }

    void finished(const Migration& migration, const Catalog& catalog) override {
        const bool deployment_goes_on = plan_.base && migration.ordinal < plan_.migrations.size();
        if (deployment_goes_on) return;
        std::size_t kept = settled_;
        for (std::size_t index = settled_; index < findings_.size(); ++index) {
            const auto settle = std::exchange(findings_[index].settle, {});
            if (settle && !settle(catalog, findings_[index])) continue;
            if (kept != index) findings_[kept] = std::move(findings_[index]);
            ++kept;
        }
        settled_ = kept;
        findings_.erase(findings_.begin() + static_cast<std::ptrdiff_t>(kept), findings_.end());
        actions_of_findings_.resize(kept);
    }

    /// What its other statements would have made of it is not known.
    void failed(const Migration& migration, const Catalog& catalog) override {
        for (std::size_t index = settled_; index < findings_.size(); ++index) {
            if (findings_[index].migration == migration.ordinal) findings_[index].settle = {};
        }
        finished(migration, catalog);
    }

    [[nodiscard]] const std::vector<Obstacle>& obstacles() const { return obstacles_; }
    [[nodiscard]] const std::vector<LiveAction>& live_actions() const {
        return live_actions_.all();
    }
    [[nodiscard]] std::vector<Finding> take_findings() { return std::move(findings_); }

private:
    /// What the action is about, for allowances that name objects.
    static void name_objects(const replay::Observed& observed, Finding& finding) {
        if (!finding.objects.empty()) return;
        const auto add = [&](ObjectId id) {
            std::string name = dotted_name(observed.catalog, id);
            if (!name.empty()) finding.objects.push_back(std::move(name));
        };
        for (const ObjectId target : observed.outcome.targets)
            add(target);
        for (const LockTaken& lock : observed.outcome.locks)
            add(lock.relation);
    }

    void note_guarded_creation(const replay::Observed& observed) {
        const bool doubtful = proof::world_of(plan_, settings_) == catalog::World::open &&
                              observed.action.guard == Guard::if_not_exists &&
                              std::holds_alternative<CreateTable>(observed.action.payload);
        if (!doubtful) return;
        maybe_older_.insert(observed.outcome.targets.begin(), observed.outcome.targets.end());
    }

    const SourceSet& sources_;
    const Plan& plan_;
    const Settings& settings_;
    const std::vector<ActiveRule>& rules_;
    const std::vector<bool>& selected_;
    std::vector<Obstacle> obstacles_;
    LiveActions live_actions_;
    RowUses row_uses_;
    std::size_t actions_ = 0; ///< Shown so far.
    std::set<ObjectId> maybe_older_;
    std::vector<Finding> findings_;
    std::vector<std::size_t> actions_of_findings_; ///< By whose number they were found.
    std::size_t settled_ = 0; ///< How many belong to deployments that are over.
};

// ---- allowances

Directives
directives_of(const SourceSet& sources, const Plan& plan, const std::vector<bool>& selected) {
    Directives all;
    const auto add = [&](const Migration& migration, const Script& script) {
        Directives read = read_directives(sources.file(script.file), script, migration.ordinal);
        std::ranges::move(read.allowances, std::back_inserter(all.allowances));
        std::ranges::move(read.near_misses, std::back_inserter(all.near_misses));
    };
    for (const Migration& migration : plan.migrations) {
        if (!selected[migration.ordinal - 1]) continue;
        add(migration, migration.up);
        if (migration.down) add(migration, *migration.down);
    }
    return all;
}

/// The allowances of one rule in one file.
struct Candidates {
    std::vector<Allowance*> of_file;
    /// With a statement, in the order of the statements: comments stand in the order of what they
    /// are about.
    std::vector<Allowance*> of_statements;
};

/// Marks those that hide a finding as used. False when there is none.
bool hide(Candidates& candidates, const Finding& finding) {
    for (Allowance* allowance : candidates.of_file)
        allowance->used = true;
    bool hidden = !candidates.of_file.empty();
    const std::uint32_t place = finding.where.span.begin;
    auto next = std::ranges::upper_bound(candidates.of_statements, place, {},
                                         [](const Allowance* each) { return each->covers.begin; });
    while (next != candidates.of_statements.begin()) {
        Allowance& allowance = **--next;
        if (allowance.covers.end <= place) break;
        allowance.used = true;
        hidden = true;
    }
    return hidden;
}

/// Takes away what is allowed, which it returns, and marks the allowances that were needed.
std::vector<Finding> apply_allowances(std::vector<Allowance>& allowances,
                                      std::vector<Finding>& findings) {
    std::map<std::pair<FileId, std::string_view>, Candidates> by_rule;
    for (Allowance& allowance : allowances) {
        Candidates& candidates = by_rule[{allowance.where.file, allowance.rule}];
        if (allowance.whole_file) {
            candidates.of_file.push_back(&allowance);
        } else if (!allowance.covers.empty()) {
            candidates.of_statements.push_back(&allowance);
        }
    }
    if (by_rule.empty()) return {};
    const auto shown = [&](const Finding& finding) {
        const auto candidates = by_rule.find({finding.where.file, finding.rule});
        return candidates == by_rule.end() || !hide(candidates->second, finding);
    };
    const auto first_hidden = std::stable_partition(findings.begin(), findings.end(), shown);
    std::vector<Finding> hidden(std::make_move_iterator(first_hidden),
                                std::make_move_iterator(findings.end()));
    findings.erase(first_hidden, findings.end());
    return hidden;
}

/// Reports what is wrong with the allowances themselves.
class AllowanceReport {
public:
    AllowanceReport(std::span<const Rule* const> rules,
                    const std::vector<ActiveRule>& active,
                    std::vector<Finding>& out)
        : rules_(rules),
          active_(active),
          out_(out) {}

    void report(const Allowance& allowance) {
        const Rule* rule = known(allowance.rule);
        if (rule == nullptr) {
            add(of_unknown_rule, allowance, message_about_unknown(allowance.rule));
            return;
        }
        if (!allowance.used) {
            // A rule that is off today may be on tomorrow: its allowance is not in the way.
            if (is_active(rule->id)) add(unused, allowance, message_about_unused(*rule, allowance));
        } else if (allowance.reason != Reason::given) {
            add(without_reason, allowance,
                fmt::format("the allowance of {} {}, so that nobody can judge whether it still "
                            "holds",
                            rule->id,
                            allowance.reason == Reason::missing
                                ? "gives no reason"
                                : R"(has "<reason>" in the place of its reason)"))
                .instead = as_it_should_be(rule->id, allowance.whole_file);
        }
    }

    void report(const Acceptances::Use& use) {
        const Acceptance& acceptance = *use.acceptance;
        if (known(acceptance.rule) == nullptr) {
            add(of_unknown_rule, use, message_about_unknown(acceptance.rule));
        } else if (use.unused) {
            const bool off = !is_active(acceptance.rule);
            if (off) return;
            add(unused, use,
                fmt::format("{} finds nothing that this allowance covers", acceptance.rule));
        } else if (acceptance.reason.empty()) {
            add(without_reason, use,
                fmt::format("the allowance of {} gives no reason, so that nobody can judge whether "
                            "it still holds",
                            acceptance.rule))
                .instead = R"(reason = "...")";
        }
    }

    void report(const NearMiss& miss) {
        const std::string_view cause =
            miss.misspelt ? "is not read as an allowance" : "is nothing that Ordain knows";
        const std::string_view should =
            miss.misspelt ? "in small letters and without blanks" : "to accept a finding";
        add(of_unknown_rule, miss,
            fmt::format(R"("{}" {} and hides nothing; write "ordain:allow{}" {})", miss.written,
                        cause, miss.whole_file ? "-file" : "", should))
            .instead = as_it_should_be(rules_meant(miss), miss.whole_file);
    }

private:
    [[nodiscard]] const Rule* known(std::string_view id) const {
        const auto found = std::ranges::find(rules_, id, [](const Rule* rule) { return rule->id; });
        return found == rules_.end() ? nullptr : *found;
    }

    [[nodiscard]] bool is_active(std::string_view id) const {
        return std::ranges::any_of(active_,
                                   [id](const ActiveRule& each) { return each.rule->id == id; });
    }

    [[nodiscard]] std::string message_about_unknown(const std::string& word) const {
        if (word.empty()) return "the allowance names no rule and hides nothing";
        std::vector<std::string_view> ids;
        for (const Rule* rule : rules_)
            ids.push_back(rule->id);
        return fmt::format("there is no rule \"{}\", so that the allowance hides nothing{}", word,
                           config::suggestion(text::lower_case(word), ids));
    }

    [[nodiscard]] std::string rules_meant(const NearMiss& miss) const {
        std::vector<std::string> ids;
        for (const std::string& word : miss.rules) {
            std::string id = text::lower_case(word);
            const bool again = std::ranges::find(ids, id) != ids.end();
            if (known(id) != nullptr && !again) ids.push_back(std::move(id));
        }
        return ids.empty() ? "RULE" : fmt::format("{}", fmt::join(ids, ", "));
    }

    static std::string as_it_should_be(std::string_view rules, bool whole_file) {
        return fmt::format("-- ordain:allow{} {}: <reason>", whole_file ? "-file" : "", rules);
    }

    static std::string message_about_unused(const Rule& rule, const Allowance& allowance) {
        if (rule.category == Category::suppression) {
            return fmt::format("findings of {} cannot be allowed: correct or remove the comment "
                               "that they are about",
                               rule.id);
        }
        if (allowance.whole_file) {
            return fmt::format("nothing in this file is found by {}: the allowance would hide the "
                               "next thing that is",
                               allowance.rule);
        }
        if (allowance.covers.empty()) {
            return fmt::format(
                "no statement follows this allowance of {}, so that it hides nothing",
                allowance.rule);
        }
        return fmt::format("{} finds nothing in this statement: the allowance hides nothing",
                           allowance.rule);
    }

    /// About an Allowance, a NearMiss or the use of an Acceptance.
    template <typename Directive>
    Finding& add(std::string_view id, const Directive& about, std::string message) {
        const auto active =
            std::ranges::find(active_, id, [](const ActiveRule& each) { return each.rule->id; });
        if (active == active_.end()) return ignored_;
        Findings collector(active->rule->id, active->rule->severity, about.where, about.migration,
                           out_);
        return collector.add({}, std::move(message));
    }

    std::span<const Rule* const> rules_;
    const std::vector<ActiveRule>& active_;
    std::vector<Finding>& out_;
    Finding ignored_;
};

// ---- order

/// Gives findings the severities that the settings say for their files, and takes away what is off.
void apply_severities(const std::vector<ActiveRule>& rules,
                      const SourceSet& sources,
                      const Settings& settings,
                      std::vector<Finding>& findings) {
    std::erase_if(findings, [&](Finding& finding) {
        const auto active = std::ranges::find(rules, finding.rule,
                                              [](const ActiveRule& each) { return each.rule->id; });
        const auto chosen = config::chosen_severity(settings, active->names,
                                                    sources.file(finding.where.file).path());
        if (!chosen) return !active->names.on_by_default;
        finding.severity = chosen->severity.value_or(finding.severity);
        return !chosen->severity.has_value();
    });
}

/// By path, offset and rule; what is said twice of one place is said once.
void sort_findings(const SourceSet& sources, std::vector<Finding>& findings) {
    const auto key = [&](const Finding& finding) {
        return std::tuple<std::string_view, Span, std::string_view, std::string_view>(
            sources.file(finding.where.file).path(), finding.where.span, finding.rule,
            finding.message);
    };
    std::ranges::stable_sort(findings, {}, key);
    const auto same = [&](const Finding& left, const Finding& right) {
        return key(left) == key(right);
    };
    findings.erase(std::unique(findings.begin(), findings.end(), same), findings.end());
}

} // namespace

LintResult lint(const SourceSet& sources,
                const Plan& plan,
                const Settings& settings,
                const std::vector<std::size_t>& selected,
                std::span<const Rule* const> rules,
                proof::Progress progress,
                void* progress_context) {
    const std::vector<ActiveRule> active = active_rules(rules, plan, settings);
    const std::vector<bool> chosen = selection(plan, selected);
    Inspector inspector(sources, plan, settings, active, chosen);
    LintResult result;
    result.judged =
        proof::judge(sources, plan, settings, selected, &inspector, progress, progress_context);
    std::vector<Finding>& findings = result.findings;
    findings = inspector.take_findings();
    const PlanContext context{.settings = settings,
                              .sources = sources,
                              .plan = plan,
                              .statements = result.judged.statements,
                              .judgements = result.judged.judgements,
                              .obstacles = inspector.obstacles(),
                              .live_actions = inspector.live_actions(),
                              .selected = chosen,
                              .catalog = *result.judged.catalog};
    for (const ActiveRule& each : active) {
        if (each.rule->check_plan == nullptr) continue;
        Findings collector(each.rule->id, each.rule->severity, {}, 0, findings);
        each.rule->check_plan(context, collector);
    }
    std::erase_if(findings, [&](const Finding& finding) {
        return finding.migration != 0 && !chosen.at(finding.migration - 1);
    });
    apply_severities(active, sources, settings, findings);
    Directives directives = directives_of(sources, plan, chosen);
    std::vector<Finding> allowed = apply_allowances(directives.allowances, findings);
    sort_findings(sources, allowed);
    result.allowed = allowed.size();
    Acceptances acceptances(settings, plan, chosen);
    result.allowed += acceptances.apply(findings);
    std::vector<Finding> about_allowances;
    AllowanceReport about(rules, active, about_allowances);
    for (const Allowance& allowance : directives.allowances)
        about.report(allowance);
    for (const NearMiss& miss : directives.near_misses)
        about.report(miss);
    for (const Acceptances::Use& use : acceptances.uses())
        about.report(use);
    apply_severities(active, sources, settings, about_allowances);
    std::ranges::move(about_allowances, std::back_inserter(findings));
    sort_findings(sources, findings);
    return result;
}

} // namespace ordain::lint
