/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * attack_stage ATTACK PATTERN VICTIM-UID ATTACKER-UID [SHIM]: one victim and one
 * attacker, for tests/attacks, in namespaces of their own with a small /tmp, and
 * what came of it:
 *
 *	effects overwritten,created,read,forged	or "none"
 *	status N	of the victim
 *	said ...	by the victim, on one line
 *	told N		lines that the shim wrote
 *	errors ...	all of standard error, on one line
 *	knew N		session roots that the attacker came to know
 *	left ...	what of the victim's or the shim's is still there
 *
 * What is started here ends with the first process of the namespace. Needs root.
 */
#include "filter.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define STAGE "/mnt"
#define NOTES STAGE "/victim/notes"
#define FORWARD STAGE "/victim/.forward"
#define PRECIOUS "Nobody but me writes here.\n"
#define TOKEN "token-4711"
#define PLANTED "/tmp/.privtmp-0123456789abcdefghijkl"

enum { PATIENCE = 10000, LIMIT = 45, ROOM = 16384 };

struct text {
	size_t len;
	char at[ROOM];
};

static const char *attack, *pattern, *shim;
static uid_t victim_uid, attacker_uid;
static char victim_file[4096], attacker_file[4096];
static struct text said, errors, loot;

static void die(const char *what)
{
	perror(what);
	exit(125);
}

static bool is(const char *name)
{
	return strcmp(attack, name) == 0;
}

/* -- The stage ---------------------------------------------------------------- */

static void make_dir(const char *path, mode_t mode, uid_t owner)
{
	if (mkdir(path, 0700) != 0 || chown(path, owner, owner) != 0 ||
	    chmod(path, mode) != 0)
		die(path);
}

static void write_file(const char *path, const char *text, uid_t owner)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);

	if (fd < 0 || write(fd, text, strlen(text)) < 0 || fchown(fd, owner, owner) != 0)
		die(path);
	close(fd);
}

/* A small file system, which can be filled up; or a directory on another (matrix --on). */
static int mount_stage(void)
{
	const char *on = getenv("ATTACK_ON");
	char dir[4096];

	if (!on)
		return mount("attack", STAGE, "tmpfs", MS_NOSUID | MS_NODEV,
			     "mode=755,size=1m,nr_inodes=400");
	snprintf(dir, sizeof dir, "%s/stage.XXXXXX", on);
	if (!mkdtemp(dir) || chmod(dir, 0755) != 0)
		return -1;
	return mount(dir, STAGE, NULL, MS_BIND, NULL);
}

/* Homes and /tmp are one file system, as on most machines: hard links can be made. */
static void set_stage(void)
{
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
	    mount_stage() != 0 || mount("proc", "/proc", "proc", 0, NULL) != 0)
		die("mount");
	make_dir(STAGE "/tmp", 01777, 0);
	make_dir(STAGE "/vartmp", 01777, 0);
	make_dir(STAGE "/victim", 0711, victim_uid);
	make_dir(STAGE "/attacker", 0755, attacker_uid);
	write_file(NOTES, PRECIOUS, victim_uid);
	if (mount(STAGE "/tmp", "/tmp", NULL, MS_BIND, NULL) != 0 ||
	    mount(STAGE "/vartmp", "/var/tmp", NULL, MS_BIND, NULL) != 0)
		die("mount");
}

/* -- Actors -------------------------------------------------------------------- */

/* To the file descriptor WANT, from one that is none of those that are given. */
static void give(int fd, int want)
{
	if (dup2(fd, want) < 0)
		die("dup2");
}

static int above(int fd)
{
	int high = fcntl(fd, F_DUPFD_CLOEXEC, 20);

	if (high < 0)
		die("fcntl");
	close(fd);
	return high;
}

static void open_pipe(int ends[2])
{
	if (pipe(ends) != 0)
		die("pipe");
	ends[0] = above(ends[0]);
	ends[1] = above(ends[1]);
}

/*
 * Where root has a part in the attack, as the one who cleans /tmp, the attacker
 * can take on that part; see attack_attacker.c.
 */
static void become(uid_t uid, uid_t real)
{
	if (setgroups(0, NULL) != 0 || setresgid(real, uid, uid) != 0 ||
	    setresuid(real, uid, uid) != 0)
		die("setresuid");
}

static pid_t start_attacker(int window, int go, int out)
{
	const bool helped = is("hardlink") || is("cleaner") || is("ageing");
	char *argv[] = { (char *)"attacker", (char *)attack, NULL };
	char *envp[] = { (char *)"PATH=/usr/bin:/bin", NULL };
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	give(window, 0);
	give(out, 1);
	give(go, 3);
	become(attacker_uid, helped ? 0 : attacker_uid);
	execve(attacker_file, argv, envp);
	die(attacker_file);
	return -1;
}

static const char *tmpdir(void)
{
	if (is("tmpdir-in"))
		return "/tmp/mallory";
	return is("tmpdir-out") ? STAGE "/attacker/dir" : NULL;
}

/* "ERRNO CALL...": what the kernel refuses to the victim: matrix --refuse. */
static void refuse_calls(char *words)
{
	const char *error = words ? strtok(words, " ") : NULL, *call;

	while (error && (call = strtok(NULL, " ")))
		filter_refuse(call, error);
	if (error && filter_install() != 0)
		die("seccomp");
}

static pid_t start_victim(int window, int go, int out, int err)
{
	static char preload[4200], dir[128], session[128];
	char *argv[10] = { (char *)"victim", (char *)pattern };
	char *door = shim ? getenv("ATTACK_DOOR") : NULL, *file = victim_file;
	char *envp[7] = { (char *)"PATH=/usr/bin:/bin" };
	int n = 1, lease = -1;
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	if (is("lease"))
		lease = open(PLANTED "/lease", O_RDONLY | O_CLOEXEC);
	if (door) {
		/* By mounts, and no library: matrix --door. */
		const char *const by[] = { "privtmp", "run",	   "--backend",
					   "mount",   "--argv0",   "victim",
					   "--",      victim_file, pattern };

		memcpy(argv, by, sizeof by);
		file = door;
	} else if (shim) {
		snprintf(preload, sizeof preload, "LD_PRELOAD=%s", shim);
		envp[n++] = preload;
		/* The kernel, too: matrix --confine. */
		if (getenv("ATTACK_CONFINE"))
			envp[n++] = (char *)"PRIVTMP_CONFINE=yes";
	}
	if (tmpdir()) {
		snprintf(dir, sizeof dir, "TMPDIR=%s", tmpdir());
		envp[n++] = dir;
	}
	if (is("session") || is("lease")) {
		snprintf(session, sizeof session, "PRIVTMP_SESSION=%s:0:0:" PLANTED,
			 is("lease") ? "9" : "-");
		envp[n++] = session;
	}
	give(open("/dev/null", O_RDONLY), 0);
	give(out, 1);
	give(err, 2);
	give(go, 3);
	give(window, 4);
	if (lease >= 0)
		give(lease, 9);
	if (chdir(STAGE "/victim") != 0)
		die("chdir");
	become(victim_uid, victim_uid);
	if (shim)
		refuse_calls(getenv("ATTACK_REFUSE"));
	execve(file, argv, envp);
	die(file);
	return -1;
}

/* -- What they say ------------------------------------------------------------- */

static bool take(int fd, struct text *text)
{
	ssize_t n = read(fd, text->at + text->len, ROOM - 1 - text->len);

	if (n <= 0)
		return false;
	text->len += (size_t)n;
	text->at[text->len] = '\0';
	return true;
}

/* Reads all there is from three pipes until the first has ended. */
static void listen_to(int out, int err, int attacker)
{
	struct pollfd p[3] = { { out, POLLIN, 0 },
			       { err, POLLIN, 0 },
			       { attacker, POLLIN, 0 } };
	struct text *texts[3] = { &said, &errors, &loot };

	while (p[0].fd >= 0) {
		if (poll(p, 3, PATIENCE) <= 0)
			return;
		for (int i = 0; i < 3; i++)
			if (p[i].revents && !take(p[i].fd, texts[i]))
				p[i].fd = -1;
	}
}

/* Until the attacker lies in wait. */
static void await_attacker(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	while (!strstr(loot.at, "ready\n"))
		if (poll(&p, 1, PATIENCE) != 1 || !take(fd, &loot)) {
			fprintf(stderr, "%s: the attacker is not ready: %s\n", attack,
				loot.at);
			exit(125);
		}
}

static int status_of(pid_t pid)
{
	int status;

	if (waitpid(pid, &status, 0) != pid)
		die("waitpid");
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/* -- What came of it ----------------------------------------------------------- */

static bool overwritten(void)
{
	char now[128] = "";
	int fd = open(NOTES, O_RDONLY);

	if (fd < 0 || read(fd, now, sizeof now - 1) < 0)
		return true;
	close(fd);
	return strcmp(now, PRECIOUS) != 0;
}

/* The name of something in DIR that is the victim's or a session, or "". */
static const char *find_left(const char *dir)
{
	static char name[512];
	DIR *d = opendir(dir);

	*name = '\0';
	for (struct dirent *e; d && !*name && (e = readdir(d));) {
		struct stat st;

		if (e->d_name[0] == '.' && strncmp(e->d_name, ".privtmp-", 9) != 0)
			continue;
		/* A hard link to the victim's file is the attacker's work. */
		if (fstatat(dirfd(d), e->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
		    st.st_uid == victim_uid && victim_uid != attacker_uid &&
		    (S_ISDIR(st.st_mode) || st.st_nlink == 1))
			snprintf(name, sizeof name, "%s/%s", dir, e->d_name);
	}
	closedir(d);
	return name;
}

/* After a SIGKILL the helper has to come first. */
static const char *left(void)
{
	const char *found = "";

	for (int i = 0; i < 100; i++) {
		found = find_left("/tmp");
		if (!*found)
			found = find_left("/var/tmp");
		if (!*found || !shim)
			break;
		usleep(20000);
	}
	return found;
}

static int count(const char *text, const char *what)
{
	int n = 0;

	while ((text = strstr(text, what))) {
		n++;
		text += strlen(what);
	}
	return n;
}

static void print_line(const char *name, const char *text)
{
	printf("%s ", name);
	for (; *text; text++)
		putchar(*text == '\n' ? '|' : *text);
	putchar('\n');
}

static void print_effects(void)
{
	const struct {
		const char *name;
		bool has;
	} effects[] = {
		{ "overwritten", overwritten() },
		{ "created", access(FORWARD, F_OK) == 0 },
		{ "read", strstr(loot.at, TOKEN) != NULL },
		{ "forged", strstr(said.at, "mallory") != NULL },
	};
	const char *between = "effects ";

	for (size_t i = 0; i < sizeof effects / sizeof *effects; i++)
		if (effects[i].has) {
			printf("%s%s", between, effects[i].name);
			between = ",";
		}
	puts(*between == ',' ? "" : "effects none");
}

static int play(void)
{
	int window[2], go[2], out[2], err[2], ear[2], status;
	pid_t attacker, victim;

	set_stage();
	open_pipe(window);
	open_pipe(go);
	open_pipe(out);
	open_pipe(err);
	open_pipe(ear);
	attacker = start_attacker(window[0], go[1], ear[1]);
	close(ear[1]);
	close(window[0]);
	close(go[1]);
	await_attacker(ear[0]);
	victim = start_victim(window[1], go[0], out[1], err[1]);
	close(go[0]);
	close(out[1]);
	close(err[1]);
	listen_to(out[0], err[0], ear[0]);
	status = status_of(victim);
	while (take(err[0], &errors))
		;
	/* The end of the play, for the attacker. */
	close(window[1]);
	while (take(ear[0], &loot))
		;
	if (status_of(attacker) != 0)
		return 125;
	print_effects();
	printf("status %d\n", status);
	print_line("said", said.at);
	printf("told %d\n", count(errors.at, "privtmp: "));
	print_line("errors", errors.at);
	printf("knew %d\n", count(loot.at, "knew "));
	print_line("left", left());
	return fflush(stdout) != 0;
}

/* -- Namespaces ------------------------------------------------------------------ */

/* The program NAME beside this one. */
static void find_beside(const char *name, char *out, size_t size)
{
	ssize_t n = readlink("/proc/self/exe", out, size - 1);
	char *slash;

	if (n < 0)
		die("/proc/self/exe");
	out[n] = '\0';
	slash = strrchr(out, '/');
	if (!slash || (size_t)(slash - out) + 2 + strlen(name) > size)
		die(out);
	strcpy(slash + 1, name);
}

int main(int argc, char **argv)
{
	pid_t pid;

	if (argc < 5)
		return 2;
	attack = argv[1];
	pattern = argv[2];
	victim_uid = (uid_t)atoi(argv[3]);
	attacker_uid = (uid_t)atoi(argv[4]);
	shim = argv[5];
	find_beside("attack_victim", victim_file, sizeof victim_file);
	find_beside("attack_attacker", attacker_file, sizeof attacker_file);
	umask(022);
	if (unshare(CLONE_NEWNS | CLONE_NEWPID) != 0)
		die("unshare");
	/* The default action of the alarm ends us, and that the namespace. */
	pid = fork();
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		return play();
	}
	alarm(LIMIT);
	return pid < 0 ? 125 : status_of(pid);
}
