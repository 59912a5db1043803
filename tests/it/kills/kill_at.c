/* Ends the program under test with SIGKILL at one of its own steps. Loaded with LD_PRELOAD, so that nothing of it is in
 * the product, where a user could trip over it.
 *
 * Steps are what leaves a trace: making folders, writing, cutting and syncing files below `.aether/`, starting programs.
 * They are counted from 1. A write counts twice, before it and after half of it; a start before and after it; the others
 * once, before, since nothing happens between the end of one and the next. But renaming, which no library function does
 * here, follows the syncing of a temporary file: that counts after it, too.
 * KILL_AT is the step to die at; KILL_TRACE is a file that gets a line for each step. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;
static int is_watched, trace = -1;
static long steps, kill_at;

__attribute__((constructor)) static void begin(void) {
    char own[PATH_MAX] = "";
    const char *name, *at = getenv("KILL_AT"), *file = getenv("KILL_TRACE");
    /* What this program starts is not watched. */
    unsetenv("LD_PRELOAD");
    if (readlink("/proc/self/exe", own, sizeof own - 1) < 0) return;
    name = strrchr(own, '/');
    is_watched = name && !strcmp(name, "/aether");
    kill_at = at ? atol(at) : 0;
    if (is_watched && file) trace = open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

/* True when this is the step to die at; whoever is told so does not come back to its caller. */
static int is_last(const char *moment, const char *what, const char *path) {
    char line[PATH_MAX + 64];
    int length, last;
    pthread_mutex_lock(&one_at_a_time);
    last = ++steps == kill_at;
    length = snprintf(line, sizeof line, "%s %s %s\n", moment, what, path);
    if (trace >= 0) syscall(SYS_write, trace, line, (size_t)length);
    pthread_mutex_unlock(&one_at_a_time);
    return last;
}

static void die(void) {
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

static void step(const char *moment, const char *what, const char *path) {
    if (is_last(moment, what, path)) die();
}

static int is_ours(const char *path) { return is_watched && strstr(path, "/.aether") != NULL; }

/* The path of an open file, if it is one of ours. */
static int leads_to_ours(int file, char *path) {
    char link[64];
    ssize_t length;
    if (!is_watched) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    length = readlink(link, path, PATH_MAX - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return is_ours(path);
}

ssize_t write(int file, const void *bytes, size_t count) {
    char path[PATH_MAX];
    if (!leads_to_ours(file, path)) return syscall(SYS_write, file, bytes, count);
    step("before", "write", path);
    if (is_last("half", "write", path)) {
        syscall(SYS_write, file, bytes, count / 2);
        die();
    }
    return syscall(SYS_write, file, bytes, count);
}

int fsync(int file) {
    char path[PATH_MAX];
    int result;
    if (!leads_to_ours(file, path)) return (int)syscall(SYS_fsync, file);
    step("before", "fsync", path);
    result = (int)syscall(SYS_fsync, file);
    if (strstr(path, "/.aether-")) step("after", "fsync", path);
    return result;
}

int ftruncate64(int file, off64_t length) {
    char path[PATH_MAX];
    if (leads_to_ours(file, path)) step("before", "ftruncate", path);
    return (int)syscall(SYS_ftruncate, file, length);
}

int mkdir(const char *path, mode_t mode) {
    if (is_ours(path)) step("before", "mkdir", path);
    return (int)syscall(SYS_mkdirat, AT_FDCWD, path, mode);
}

typedef int spawn_function(pid_t *, const char *, const posix_spawn_file_actions_t *, const posix_spawnattr_t *,
                           char *const[], char *const[]);

int posix_spawnp(pid_t *process, const char *program, const posix_spawn_file_actions_t *actions,
                 const posix_spawnattr_t *attributes, char *const arguments[], char *const environment[]) {
    spawn_function *real = (spawn_function *)dlsym(RTLD_NEXT, "posix_spawnp");
    int result;
    if (!is_watched) return real(process, program, actions, attributes, arguments, environment);
    step("before", "start", program);
    result = real(process, program, actions, attributes, arguments, environment);
    step("after", "start", program);
    return result;
}
