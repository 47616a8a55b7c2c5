#include "support/postgres_server.hpp"

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <grp.h>
#include <gtest/gtest.h>
#include <iterator>
#include <libpq-fe.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <utility>

namespace ordain::test {
namespace {

/// Part of the socket's name only: every server has a folder of its own.
constexpr const char* port = "5432";

/// Who the server runs as; nothing when that is who we are.
struct User {
    uid_t uid = 0;
    gid_t gid = 0;
};

Result<std::optional<User>> server_user() {
    if (geteuid() != 0) return std::nullopt;
    const passwd* entry = getpwnam("postgres");
    if (entry == nullptr) {
        return failure("PostgreSQL refuses to run as root, and there is no user postgres; "
                       "install the Debian package postgresql-15");
    }
    return User{.uid = entry->pw_uid, .gid = entry->pw_gid};
}

std::string log_path(const std::string& folder) {
    return folder + "/log";
}

std::string read_log(const std::string& folder) {
    std::ifstream log(log_path(folder));
    return {std::istreambuf_iterator<char>(log), {}};
}

/// In the child: becomes `arguments`, with its output in the log. Only what is allowed between fork
/// and exec is called here.
[[noreturn]] void become(char* const* arguments, const char* log, const std::optional<User>& user) {
    constexpr int exec_failed = 127;
    if (user && (setgroups(0, nullptr) != 0 || setgid(user->gid) != 0 || setuid(user->uid) != 0)) {
        _exit(exec_failed);
    }
    // The server must not outlive a test program that is killed.
    prctl(PR_SET_PDEATHSIG, SIGQUIT);
    constexpr mode_t owner_only = 0600;
    const int output = open(log, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, owner_only);
    if (dup2(output, STDOUT_FILENO) < 0 || dup2(output, STDERR_FILENO) < 0) _exit(exec_failed);
    execv(arguments[0], arguments);
    _exit(exec_failed);
}

/// Starts a program of PostgreSQL and gives its process id.
Result<int> spawn(const std::string& folder, std::vector<std::string> command) {
    const auto user = server_user();
    if (!user) return tl::unexpected(user.error());
    command.front() = std::string(ORDAIN_POSTGRES_BIN_DIR "/") + command.front();
    std::vector<char*> arguments;
    arguments.reserve(command.size() + 1);
    for (std::string& argument : command)
        arguments.push_back(argument.data());
    arguments.push_back(nullptr);
    const std::string log = log_path(folder);
    const pid_t process = fork();
    if (process == 0) become(arguments.data(), log.c_str(), *user);
    if (process < 0) return failure(fmt::format("cannot fork: {}", std::strerror(errno)));
    return process;
}

Result<std::string> make_folder() {
    // Not $TMPDIR: the path of a Unix socket must fit into 107 bytes.
    std::string folder = "/tmp/ordain-postgres-XXXXXX";
    if (mkdtemp(folder.data()) == nullptr) {
        return failure(fmt::format("cannot make a folder in /tmp: {}", std::strerror(errno)));
    }
    const auto user = server_user();
    if (!user) return tl::unexpected(user.error());
    if (*user && chown(folder.c_str(), (*user)->uid, (*user)->gid) != 0) {
        return failure(fmt::format("cannot chown {}: {}", folder, std::strerror(errno)));
    }
    return folder;
}

Result<void> make_cluster(const std::string& folder) {
    const auto process =
        spawn(folder, {"initdb", "--pgdata=" + folder + "/data", "--username=postgres",
                       "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"});
    if (!process) return tl::unexpected(process.error());
    int status = 0;
    if (waitpid(*process, &status, 0) != *process || status != 0) {
        return failure("initdb failed:\n" + read_log(folder));
    }
    return {};
}

Answer answer_from(const PGresult* result) {
    Answer answer;
    const auto status = PQresultStatus(result);
    if (status == PGRES_TUPLES_OK) {
        for (int row = 0; row < PQntuples(result); ++row) {
            auto& values = answer.rows.emplace_back();
            for (int column = 0; column < PQnfields(result); ++column) {
                values.push_back(PQgetisnull(result, row, column) != 0
                                     ? std::nullopt
                                     : std::optional<std::string>(PQgetvalue(result, row, column)));
            }
        }
    } else if (status != PGRES_COMMAND_OK && status != PGRES_EMPTY_QUERY) {
        const char* sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
        const char* message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
        // Without a field the fault is libpq's: the connection is gone, or COPY was begun.
        answer.sqlstate = sqlstate != nullptr ? sqlstate : "08006";
        answer.message = message != nullptr ? message : PQresStatus(status);
    }
    return answer;
}

/// Starts the server with the program's tests and stops it after them.
class ServerEnvironment : public ::testing::Environment {
public:
    void SetUp() override {
        auto started = PostgresServer::start();
        ASSERT_TRUE(started) << started.error().message;
        server_.emplace(std::move(*started));
    }
    void TearDown() override { server_.reset(); }

    [[nodiscard]] PostgresServer& get() { return server_.value(); }

private:
    std::optional<PostgresServer> server_;
};

/// GoogleTest owns it and deletes it.
ServerEnvironment* const environment = [] {
    auto owned = std::make_unique<ServerEnvironment>();
    ServerEnvironment* pointer = owned.get();
    ::testing::AddGlobalTestEnvironment(owned.release());
    return pointer;
}();

} // namespace

void Session::Close::operator()(pg_conn* connection) const {
    PQfinish(connection);
}

Answer Session::run(const std::string& sql) {
    const std::unique_ptr<PGresult, decltype(&PQclear)> result(
        PQexec(connection_.get(), sql.c_str()), &PQclear);
    return answer_from(result.get());
}

Result<PostgresServer> PostgresServer::start() {
    auto folder = make_folder();
    if (!folder) return tl::unexpected(folder.error());
    PostgresServer started(std::move(*folder));
    return make_cluster(started.folder_)
        .and_then([&] { return started.launch(); })
        .and_then([&] { return started.wait_until_ready(); })
        .map([&] { return std::move(started); });
}

PostgresServer::PostgresServer(PostgresServer&& other) noexcept
    : folder_(std::exchange(other.folder_, {})),
      process_(std::exchange(other.process_, -1)),
      databases_(other.databases_),
      last_(std::move(other.last_)),
      pristine_(std::move(other.pristine_)) {}

PostgresServer::~PostgresServer() {
    if (process_ > 0) {
        // Immediate shutdown: what it would save is about to be removed.
        kill(process_, SIGQUIT);
        waitpid(process_, nullptr, 0);
    }
    if (folder_.empty()) return;
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

Result<void> PostgresServer::launch() {
    const auto process = spawn(folder_, {"postgres", "-D", folder_ + "/data", "-k", folder_, "-p",
                                         port, "-c", "listen_addresses=", "-c", "fsync=off", "-c",
                                         "full_page_writes=off", "-c", "autovacuum=off"});
    if (!process) return tl::unexpected(process.error());
    process_ = *process;
    return {};
}

Result<void> PostgresServer::wait_until_ready() const {
    constexpr auto patience = std::chrono::seconds(60);
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (std::chrono::steady_clock::now() < deadline) {
        if (run("SELECT 1").ok()) return {};
        if (waitpid(process_, nullptr, WNOHANG) != 0) break;
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return failure("the server did not start:\n" + read_log(folder_));
}

Result<Session> PostgresServer::connect(const std::string& database) const {
    // All are named, so that PGPORT and the like do not matter.
    const std::array<const char*, 5> keys = {"host", "port", "dbname", "user", nullptr};
    const std::array<const char*, 5> values = {folder_.c_str(), port, database.c_str(), "postgres",
                                               nullptr};
    Session session(PQconnectdbParams(keys.data(), values.data(), 0));
    if (PQstatus(session.connection_.get()) != CONNECTION_OK) {
        return failure(PQerrorMessage(session.connection_.get()));
    }
    // Notices are part of no answer.
    PQsetNoticeProcessor(
        session.connection_.get(), [](void*, const char*) {}, nullptr);
    return session;
}

Answer PostgresServer::run(const std::string& sql, const std::string& database) const {
    auto session = connect(database);
    if (!session) return {.sqlstate = "08001", .message = session.error().message, .rows = {}};
    return session->run(sql);
}

std::string PostgresServer::cleaned(const std::string& database) const {
    // As initdb makes it (setup_privileges, and pg_namespace.dat).
    const Answer made = run("DROP SCHEMA public CASCADE; CREATE SCHEMA public; "
                            "ALTER SCHEMA public OWNER TO pg_database_owner; "
                            "GRANT USAGE ON SCHEMA public TO PUBLIC; "
                            "COMMENT ON SCHEMA public IS 'standard public schema'",
                            database);
    if (!made.ok()) return {};
    // How many rows each catalog has.
    const Answer left = run("SELECT string_agg(relname || xpath('//c/text()', query_to_xml('SELECT "
                            "count(*) AS c FROM ' || oid::regclass, true, false, ''))::text, ' ' "
                            "ORDER BY relname) FROM pg_class WHERE relkind = 'r' AND NOT "
                            "relisshared AND relnamespace = 'pg_catalog'::regnamespace",
                            database);
    return left.ok() ? left.rows.at(0).at(0).value_or("") : std::string();
}

std::string PostgresServer::empty_database() {
    if (pristine_.empty()) {
        last_ = create_database();
        pristine_ = cleaned(last_);
        EXPECT_NE(pristine_, "");
        return last_;
    }
    const Answer users = run("SELECT 1 FROM pg_stat_activity WHERE datname = '" + last_ + "'");
    if (users.rows.empty() && cleaned(last_) == pristine_) return last_;
    return last_ = create_database();
}

std::string PostgresServer::create_database() {
    constexpr int kept = 4;
    std::string name = fmt::format("database_{}", ++databases_);
    const Answer answer = run("CREATE DATABASE " + name + " TEMPLATE template0");
    EXPECT_TRUE(answer.ok()) << answer.message;
    if (databases_ <= kept) return name;
    const Answer dropped =
        run(fmt::format("DROP DATABASE IF EXISTS database_{} WITH (FORCE)", databases_ - kept));
    EXPECT_TRUE(dropped.ok()) << dropped.message;
    return name;
}

PostgresServer& server() {
    return environment->get();
}

} // namespace ordain::test
