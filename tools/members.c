/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Members; see members.h. */
#include "members.h"
#include "core/report.h"
#include "core/sys.h"
#include "crew.h"
#include "door/door.h"
#include "procfs.h"
#include "remedy.h"
#include "roots.h"
#include "session/helper.h"
#include "session/lease.h"
#include "session/root_name.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sysmacros.h>
#include <unistd.h>

enum {
	OF_ONE = 16,	/* leases of one process */
	OF_USER = 4096, /* of one user's processes */
	LONGEST = 5000, /* milliseconds for reading /proc */
};

/*
 * Cuts the PATH of a file to its root. False where it is no lease. The maker of a
 * session has mapped the lease under its temporary name.
 */
static bool cut_to_root(char *path)
{
	char *slash;

	path[text_without(path, strlen(path), SYS_DELETED)] = '\0';
	slash = strrchr(path, '/');
	if (!slash || strncmp(slash + 1, LEASE_NAME, sizeof LEASE_NAME - 1) != 0)
		return false;
	slash += sizeof LEASE_NAME;
	if (*slash == '.')
		slash += 1 + strspn(slash + 1, "0123456789");
	if (*slash)
		return false;
	*strrchr(path, '/') = '\0';
	slash = strrchr(path, '/');
	return slash && root_name_is(slash + 1);
}

struct file_id file_id_of(const struct statx *st)
{
	return (struct file_id){ makedev(st->stx_dev_major, st->stx_dev_minor),
				 st->stx_ino };
}

/* Parses device, inode and name from a LINE of /proc/PID/maps. */
static char *parse_line(char *line, struct file_id *id)
{
	unsigned long inode;
	unsigned major, minor;
	int at = 0;

	if (sscanf(line, "%*x-%*x %*s %*x %x:%x %lu %n", &major, &minor, &inode, &at) <
		    3 ||
	    line[at] != '/')
		return NULL;
	*id = (struct file_id){ makedev(major, minor), inode };
	line[strcspn(line, "\n")] = '\0';
	return line + at;
}

struct file_id members_map_id(int fd)
{
	struct file_id id = { 0, 0 };
	void *page = mmap(NULL, 1, PROT_READ, MAP_SHARED, fd, 0);
	char *line = NULL, begin[32];
	size_t size = 0;
	FILE *maps;

	if (page == MAP_FAILED)
		return id;
	snprintf(begin, sizeof begin, "%08lx-", (unsigned long)page);
	maps = fopen("/proc/self/maps", "re");
	while (maps && getline(&line, &size, maps) > 0)
		if (!strncmp(line, begin, strlen(begin)) && parse_line(line, &id))
			break;
	if (maps)
		fclose(maps);
	free(line);
	munmap(page, 1);
	return id;
}

/* The id of a file, without a request to its file system, which a user may control. */
static struct file_id id_at(int dir, const char *name)
{
	struct file_id id = { 0, 0 };
	struct statx st;

	if (SYS5(SYS_statx, dir, name, AT_STATX_DONT_SYNC | AT_NO_AUTOMOUNT, STATX_INO,
		 &st) == 0)
		id = file_id_of(&st);
	return id;
}

/* -- One process -- */

struct process {
	pid_t pid;
	uid_t uid;
	gid_t gid;
};

typedef void seen_fn(void *arg, const struct seen *seen);

static void give_seen(struct seen *s, char *path, seen_fn *fn, void *arg, unsigned *n)
{
	if (!cut_to_root(path))
		return;
	++*n;
	s->path[0] = '\0';
	if (roots_is_path(path))
		strcpy(s->path, path);
	fn(arg, s);
}

/*
 * Call at the end of a reading that began with errno 0: says that not all is known of a
 * process, where memory or the like was lacking for it.
 */
static void tell_lack(void)
{
	if (procfs_is_lack(errno))
		remedy_lack("members", errno);
}

static void look_at_maps(struct seen *s, seen_fn *fn, void *arg, unsigned *n)
{
	char *line = NULL, *name;
	size_t size = 0;
	FILE *maps;

	errno = 0;
	maps = procfs_open(s->pid, "maps");
	s->mapped = true;
	s->locks = false;
	while (maps && *n < OF_ONE && getline(&line, &size, maps) > 0) {
		if (!strstr(line, "/" ROOT_BEGIN))
			continue;
		name = parse_line(line, &s->lease);
		if (name)
			give_seen(s, name, fn, arg, n);
	}
	tell_lack();
	free(line);
	if (maps)
		fclose(maps);
}

/* Whether PID holds a lock by its descriptor FD. */
static bool holds_lock(pid_t pid, const char *fd)
{
	char name[80], *line = NULL;
	size_t size = 0;
	bool holds = false;
	FILE *info;

	snprintf(name, sizeof name, "fdinfo/%.64s", fd);
	info = procfs_open(pid, name);
	while (info && !holds && getline(&line, &size, info) > 0)
		holds = !strncmp(line, "lock:", 5);
	free(line);
	if (info)
		fclose(info);
	return holds;
}

static void look_at_descriptors(struct seen *s, seen_fn *fn, void *arg, unsigned *n)
{
	char path[64], name[PATH_MAX];
	struct dirent *entry;
	DIR *dir;

	snprintf(path, sizeof path, "/proc/%d/fd", (int)s->pid);
	errno = 0;
	dir = opendir(path);
	s->mapped = false;
	while (dir && *n < OF_ONE && (entry = readdir(dir))) {
		ssize_t len =
			readlinkat(dirfd(dir), entry->d_name, name, sizeof name - 1);

		if (len < 0)
			continue;
		name[len] = '\0';
		if (!strstr(name, "/" ROOT_BEGIN))
			continue;
		s->lease = id_at(dirfd(dir), entry->d_name);
		s->locks = holds_lock(s->pid, entry->d_name);
		give_seen(s, name, fn, arg, n);
	}
	tell_lack();
	if (dir)
		closedir(dir);
}

/*
 * A helper has a name, which any process can set, and the root as its descriptor 3. It has
 * another one while it keeps namespaces (door/serve.h).
 */
static void look_at_name(struct seen *s, bool *keeps)
{
	char name[32] = "", path[64];
	FILE *comm;

	errno = 0;
	comm = procfs_open(s->pid, "comm");
	tell_lack();
	if (comm) {
		(void)!fgets(name, sizeof name, comm);
		fclose(comm);
	}
	s->root = (struct file_id){ 0, 0 };
	*keeps = !strcmp(name, KEEPER_NAME "\n");
	if (!*keeps && strcmp(name, HELPER_COMM "\n") != 0)
		return;
	snprintf(path, sizeof path, "/proc/%d/fd/3", (int)s->pid);
	s->root = id_at(AT_FDCWD, path);
}

/* Whether the process PID is in another mount namespace than this one. */
static bool is_apart(pid_t pid)
{
	char path[64], own[64], its[64];
	ssize_t n, m;

	snprintf(path, sizeof path, "/proc/%d/ns/mnt", (int)pid);
	errno = 0;
	n = readlink("/proc/self/ns/mnt", own, sizeof own);
	m = readlink(path, its, sizeof its);
	tell_lack();
	return n > 0 && m > 0 && (n != m || memcmp(own, its, (size_t)n) != 0);
}

/* The roots whose backings the process's mounts show. */
static void look_at_mounts(struct seen *s, seen_fn *fn, void *arg, unsigned *n)
{
	struct procfs_mount mount;
	char *line = NULL;
	size_t size = 0;
	FILE *mounts;

	errno = 0;
	mounts = procfs_open(s->pid, "mountinfo");
	s->mapped = false;
	s->lease = (struct file_id){ 0, 0 };
	s->path[0] = '\0';
	while (mounts && *n < OF_ONE && getline(&line, &size, mounts) > 0) {
		char name[sizeof s->shown];
		const char *at;

		if (!strstr(line, "/" ROOT_BEGIN) || !procfs_mount(line, &mount))
			continue;
		at = strstr(mount.root, "/" ROOT_BEGIN);
		if (!at || strlen(++at) < sizeof name)
			continue;
		memcpy(name, at, sizeof name - 1);
		name[sizeof name - 1] = '\0';
		if (!root_name_is(name) || !strcmp(name, s->shown))
			continue;
		memcpy(s->shown, name, sizeof name);
		++*n;
		fn(arg, s);
	}
	s->shown[0] = '\0';
	tell_lack();
	free(line);
	if (mounts)
		fclose(mounts);
}

static void read_command(struct seen *s)
{
	procfs_command(s->pid, s->command, sizeof s->command);
	/* One line, whatever it contains. */
	for (char *at = s->command; *at; at++)
		if (iscntrl((unsigned char)*at))
			*at = '?';
}

static void look_at_process(const struct process *p, seen_fn *fn, void *arg)
{
	struct seen s;
	unsigned n = 0;
	bool keeps, apart;

	memset(&s, 0, sizeof s);
	s.pid = p->pid;
	s.uid = p->uid;
	s.gid = p->gid;
	look_at_name(&s, &keeps);
	s.mounts = keeps;
	look_at_maps(&s, fn, arg, &n);
	/* Without the shim; where the backings are mounted, or as it was executed. */
	apart = is_apart(p->pid);
	s.mounts = keeps || apart;
	look_at_descriptors(&s, fn, arg, &n);
	if (apart)
		look_at_mounts(&s, fn, arg, &n);
}

/* -- All of them -- */

struct processes {
	size_t n;
	struct process *at;
	struct seens *seens;
};

/* Reads the effective user and group. False where the process is gone. */
static bool read_user(struct process *p)
{
	FILE *status;
	char line[256];
	bool found = false;

	errno = 0;
	status = procfs_open(p->pid, "status");
	while (status && !found && fgets(line, sizeof line, status)) {
		(void)sscanf(line, "Uid: %*u %u", &p->uid);
		found = sscanf(line, "Gid: %*u %u", &p->gid) == 1;
	}
	tell_lack();
	if (status)
		fclose(status);
	return found;
}

static void add_process(struct processes *all, pid_t pid)
{
	struct process *more, p = { pid, 0, 0 };

	if (!read_user(&p) || (geteuid() != 0 && p.uid != geteuid()))
		return;
	if (!(all->n & (all->n - 1))) {
		more = realloc(all->at, (all->n ? 2 * all->n : 1) * sizeof *more);
		if (!more) {
			remedy_lack("members", ENOMEM);
			return;
		}
		all->at = more;
	}
	all->at[all->n++] = p;
}

static int by_user(const void *a, const void *b)
{
	const struct process *x = a, *y = b;

	if (x->uid != y->uid)
		return x->uid < y->uid ? -1 : 1;
	return x->pid < y->pid ? -1 : x->pid > y->pid;
}

/* False where some are missing; ERROR: errno where all are. */
static bool find_processes(struct processes *all, int *error)
{
	const long end = crew_now() + LONGEST;
	DIR *proc = opendir("/proc");
	struct dirent *entry;
	bool whole = true;

	*error = proc ? 0 : errno;
	while (proc && (entry = readdir(proc))) {
		if (!isdigit((unsigned char)entry->d_name[0]))
			continue;
		add_process(all, (pid_t)atol(entry->d_name));
		if (crew_now() > end) {
			whole = false;
			break;
		}
	}
	if (proc)
		closedir(proc);
	if (all->n)
		qsort(all->at, all->n, sizeof *all->at, by_user);
	return whole;
}

/* In the child. */
static void say(void *arg, const struct seen *seen)
{
	struct seen s = *seen;

	read_command(&s);
	crew_say(arg, &s);
}

static void scan(struct job *job)
{
	const struct processes *all = job->arg;

	for (size_t i = 0; i < job->n; i++)
		look_at_process(&all->at[job->first + i], say, job);
}

/* In the parent. */
static void take(struct job *job, const void *record)
{
	struct seens *seens = ((struct processes *)job->arg)->seens;
	struct seen *more;

	if (!(seens->n & (seens->n - 1))) {
		more = realloc(seens->at, (seens->n ? 2 * seens->n : 1) * sizeof *more);
		if (!more) {
			remedy_lack("members", ENOMEM);
			return;
		}
		seens->at = more;
	}
	more = &seens->at[seens->n++];
	memcpy(more, record, sizeof *more);
	more->path[POLICY_ROOT_MAX] = '\0';
	more->command[sizeof more->command - 1] = '\0';
}

/* Says once that nobody can be found without procfs. */
static void heed_absence(void)
{
	static bool told;

	if (told || access("/proc/self", F_OK) == 0)
		return;
	told = true;
	report("/proc", "procfs is not there, by which processes are found", 0,
	       "mount it there");
}

/* All processes; what is not found is told in SEENS. */
static void find_all(struct processes *all, struct seens *seens)
{
	int error;

	seens->cut = !find_processes(all, &error);
	if (!error || error == ENOENT)
		return;
	seens->failed = true;
	report("/proc", "cannot be searched for members", error, remedy_of(error));
}

/* Who cannot be looked at for want of something is told once, not for each user. */
static void heed_outcome(const struct job *job, struct seens *seens)
{
	if (job->outcome == CREW_DONE)
		return;
	if (job->outcome == CREW_CUT || !job->error) {
		seens->cut = true;
		return;
	}
	if (!seens->failed)
		report("members", "cannot be looked for", job->error,
		       remedy_of(job->error));
	seens->failed = true;
}

void members_find(pid_t pid, int seconds, struct seens *seens)
{
	struct processes all = { 0, NULL, seens };
	struct job *jobs;
	size_t n = 0;

	memset(seens, 0, sizeof *seens);
	heed_absence();
	if (pid)
		add_process(&all, pid);
	else
		find_all(&all, seens);
	jobs = calloc(all.n + 1, sizeof *jobs);
	for (size_t i = 0; jobs && i < all.n; i++) {
		if (i == 0 || all.at[i].uid != all.at[i - 1].uid)
			jobs[n++] = (struct job){
				.uid = all.at[i].uid,
				.keep = true,
				.work = scan,
				.take = take,
				.arg = &all,
				.first = i,
				.size = sizeof(struct seen),
				.most = OF_USER,
			};
		jobs[n - 1].n++;
	}
	if (jobs)
		crew_run(jobs, n, seconds);
	else
		remedy_lack("members", ENOMEM);
	for (size_t i = 0; i < n; i++)
		heed_outcome(&jobs[i], seens);
	free(jobs);
	free(all.at);
}

struct sought {
	const char *path;
	bool but_helpers;
	bool found;
};

static void note_sought(void *arg, const struct seen *seen)
{
	struct sought *sought = arg;

	if (sought->but_helpers && (seen->root.inode || seen->pid == getpid()))
		return;
	sought->found |= seen->shown[0] ?
				 !strcmp(strrchr(sought->path, '/') + 1, seen->shown) :
				 !strcmp(seen->path, sought->path);
}

/* Where nobody can be looked at, though procfs is there, there may be one. */
static bool is_found(struct sought *sought, uid_t uid)
{
	struct processes all = { 0, NULL, NULL };
	int error;

	find_processes(&all, &error);
	sought->found = error && error != ENOENT;
	for (size_t i = 0; i < all.n && !sought->found; i++)
		if (all.at[i].uid == uid)
			look_at_process(&all.at[i], note_sought, sought);
	free(all.at);
	return sought->found;
}

bool members_name(const char *path, uid_t uid)
{
	return is_found(&(struct sought){ path, false, false }, uid);
}

bool members_other(const char *path, uid_t uid)
{
	return is_found(&(struct sought){ path, true, false }, uid);
}
