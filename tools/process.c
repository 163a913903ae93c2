/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One process from outside; see process.h. */
#include "process.h"
#include "crew.h"
#include "door/door.h"
#include "policy/settings.h"
#include "preload_list.h"
#include "procfs.h"
#include "session/helper.h"
#include "session/lease.h"
#include "session/root_name.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LOOK = 5 /* seconds */ };

/* The letter of its state, and whether it is there at all. */
static char state_of(struct process_facts *f)
{
	FILE *stat = procfs_open(f->pid, "stat");
	char line[512] = "";
	const char *behind;

	if (!stat) {
		f->error = errno;
		return '\0';
	}
	/* Not a line: the name in it can have one's end. */
	(void)!fread(line, 1, sizeof line - 1, stat);
	f->error = ferror(stat) ? errno : 0;
	fclose(stat);
	behind = strrchr(line, ')');
	f->helper = strstr(line, " (" HELPER_COMM ") ") ||
		    strstr(line, " (" KEEPER_NAME ") ");
	return behind && behind[1] == ' ' ? behind[2] : '\0';
}

/* Which file the process executes. 0, or an errno where that may not be known. */
static int read_exe(struct process_facts *f)
{
	char link[64];
	ssize_t n;

	snprintf(link, sizeof link, "/proc/%d/exe", (int)f->pid);
	n = readlink(link, f->exe, sizeof f->exe - 1);
	if (n < 0)
		return errno;
	f->exe[n] = '\0';
	/* By the link: the name may mean another file here, or by now. */
	(void)program_inspect(link, &f->program);
	return 0;
}

/* Takes from the line of a map whether it is a lease's, or the shim's, and which that is. */
static void take_mapping(char *line, struct procfs_files *files, struct process_facts *f)
{
	char *name = procfs_mapped(files, line);
	size_t len, whole;

	if (!name)
		return;
	f->lease |= strstr(name, "/" ROOT_BEGIN) && strstr(name, "/" LEASE_NAME);
	if (f->library[0])
		return;
	whole = strlen(name);
	len = text_without(name, whole, SYS_DELETED);
	f->replaced = len < whole;
	if (len < sizeof f->library && preload_is_shim(name, len))
		snprintf(f->library, sizeof f->library, "%.*s", (int)len, name);
	else
		f->replaced = false;
}

/*
 * Ends a reading of FILE, which began with errno 0, by functions that tell of the end of the
 * file by no errno. 0 or an errno.
 */
static int end_reading(FILE *file, char *line)
{
	const int error = errno;

	free(line);
	if (file)
		fclose(file);
	return error;
}

/* 0 or an errno. */
static int read_maps(struct process_facts *f)
{
	struct procfs_files files = { 0, "" };
	char *line = NULL;
	size_t size = 0;
	FILE *maps;

	errno = 0;
	maps = procfs_open(f->pid, "maps");
	while (maps && getline(&line, &size, maps) > 0)
		take_mapping(line, &files, f);
	f->files = files.n;
	return end_reading(maps, line);
}

static void take_variable(const char *entry, const char *name, char *out, size_t size)
{
	const size_t len = strlen(name);

	if (!strncmp(entry, name, len) && entry[len] == '=')
		snprintf(out, size, "%s", entry + len + 1);
}

/* 0 or an errno. */
static int read_environment(struct process_facts *f)
{
	char *entry = NULL;
	size_t size = 0;
	FILE *file;

	errno = 0;
	file = procfs_open(f->pid, "environ");
	f->known_environment = file != NULL;
	while (file && getdelim(&entry, &size, '\0', file) > 0) {
		take_variable(entry, "LD_PRELOAD", f->preload, sizeof f->preload);
		take_variable(entry, policy_settings[SETTING_MODE].variable, f->mode,
			      sizeof f->mode);
		take_variable(entry, policy_settings[SETTING_ONFAIL].variable, f->onfail,
			      sizeof f->onfail);
	}
	return end_reading(file, entry);
}

/* The kernel's word, whose size is the process's own. 0 or an errno. */
static int read_secure(struct process_facts *f)
{
	const bool wide = f->program.class != ELFCLASS32;
	const size_t word = wide ? 8 : 4;
	unsigned char pair[16];
	FILE *file;

	errno = 0;
	file = procfs_open(f->pid, "auxv");
	while (file && fread(pair, word, 2, file) == 2) {
		unsigned long long type = 0, value = 0;

		memcpy(&type, pair, word);
		memcpy(&value, pair + word, word);
		if (type == AT_SECURE)
			f->secure = value != 0;
	}
	return end_reading(file, NULL);
}

/*
 * Takes the names from ROOT, the part of a file system that is mounted, where that is a
 * session's backing of the directory AT: ".../.privtmp-<id>/<secret>" with AT's path
 * behind it.
 */
static void take_backing(const char *root, const char *at, struct process_facts *f)
{
	const char *name = strstr(root, "/" ROOT_BEGIN);
	const size_t len = ROOT_NAME;
	char id[ROOT_NAME + 1];

	if (!name || strlen(++name) < len + 1 + ROOT_SECRET)
		return;
	memcpy(id, name, len);
	id[len] = '\0';
	if (!root_name_is(id) || name[len] != '/' ||
	    strcmp(name + len + 1 + ROOT_SECRET, at) != 0)
		return;
	strcpy(f->mounted_root, id);
	snprintf(f->mounted, sizeof f->mounted, "%s", at);
}

/* What its mount namespace shows. 0 or an errno. */
static int read_mounts(struct process_facts *f)
{
	char *line = NULL;
	size_t size = 0;
	FILE *mounts;

	errno = 0;
	mounts = procfs_open(f->pid, "mountinfo");
	while (mounts && getline(&line, &size, mounts) > 0) {
		struct procfs_mount mount;

		/* In a session within a session the last mount is on top. */
		if (procfs_mount(line, &mount) &&
		    (!f->mounted[0] || !strcmp(mount.point, f->mounted)))
			take_backing(mount.root, mount.point, f);
	}
	return end_reading(mounts, line);
}

/*
 * All that a verdict needs. Half of it would give a wrong one: what could not be read may be
 * what says that the process is private. 0 or an errno.
 */
static int read_all(struct process_facts *f)
{
	static int (*const known_without[])(
		struct process_facts *) = { read_environment, read_secure, read_mounts };
	int error = read_exe(f);

	if (!error)
		error = read_maps(f);
	for (size_t i = 0; !error && i < sizeof known_without / sizeof *known_without;
	     i++) {
		int lack = known_without[i](f);

		if (procfs_is_lack(lack))
			error = lack;
	}
	return error;
}

static void look(struct job *job)
{
	static struct process_facts f;
	char state;

	f.pid = ((const struct process_facts *)job->arg)->pid;
	state = state_of(&f);
	if (state == '\0') {
		if (!procfs_is_lack(f.error))
			return;
		f.state = PROCESS_CLOSED;
	} else if (state == 'Z' || state == 'X') {
		f.state = PROCESS_ENDED;
	} else {
		procfs_command(f.pid, f.command, sizeof f.command);
		f.error = read_all(&f);
		if (f.error == 0)
			f.state = PROCESS_SEEN;
		else
			f.state = f.error == ENOENT && !f.exe[0] ? PROCESS_KERNEL :
								   PROCESS_CLOSED;
		if (!procfs_is_lack(f.error))
			f.error = 0;
	}
	crew_say(job, &f);
}

static void take(struct job *job, const void *record)
{
	memcpy(job->arg, record, job->size);
}

long long process_number(const char *word)
{
	if (!*word || strspn(word, "0123456789") != strlen(word))
		return -1;
	return strtoll(word, NULL, 10);
}

pid_t process_of(long long number)
{
	return number > INT_MAX ? 0 : (pid_t)number;
}

/* Whether there is a process PID, which procfs may hide. */
static bool is_there(pid_t pid)
{
	return pid && (kill(pid, 0) == 0 || errno == EPERM);
}

void process_look(pid_t pid, struct process_facts *out)
{
	struct job job = {
		.keep = true,
		.work = look,
		.take = take,
		.arg = out,
		.size = sizeof *out,
		.most = 1,
	};

	memset(out, 0, sizeof *out);
	out->pid = pid;
	crew_run(&job, 1, LOOK);
	/* It is there, and does not let itself be read in time; or no child could look. */
	if (out->state != PROCESS_GONE || (job.outcome != CREW_CUT && !is_there(pid)))
		return;
	out->state = access("/proc/self", F_OK) == 0 ? PROCESS_CLOSED : PROCESS_UNSEEN;
	if (job.outcome == CREW_FAILED)
		out->error = job.error;
}
