/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where in the code a call came from; see sites.h. */
#include "sites.h"
#include "core/owner.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* The module of IMAGE that contains ADDRESS, or NULL. */
static const struct trace_module *module_of(const struct history *h, uint32_t image,
					    uint64_t address)
{
	for (unsigned i = 0; i < trace_modules(h->file); i++) {
		const struct trace_module *m = trace_module_at(h->file, i);

		if (m && m->image == image && m->start <= address && address < m->end)
			return m;
	}
	return NULL;
}

static char *hexadecimal(const unsigned char *bytes, size_t n)
{
	char *out = malloc(2 * n + 1);

	for (size_t i = 0; out && i < n; i++)
		sprintf(out + 2 * i, "%02x", bytes[i]);
	return n ? out : NULL;
}

/* The place in the script that started this process: its exec. */
static const struct event *told_by(const struct history *h, const struct event *event)
{
	const struct actor *actor = event->actor;
	const struct event *found = NULL;

	for (const struct event *e = h->events; e < event; e++)
		if ((e->record->flags & TRACE_EXEC) &&
		    (e->record->flags & TRACE_BEFORE) && e->actor->script &&
		    e->actor != actor && e->actor->image->pid == actor->image->pid)
			found = e;
	return found;
}

void site_of(const struct history *h, const struct event *event, struct call_site *site)
{
	const struct trace_record *r = event->record;
	/* The call is before the return address. */
	const uint64_t address = r->site ? r->site - 1 : 0;
	const struct trace_module *m =
		module_of(h, event->actor->image->modules_of, address);

	memset(site, 0, sizeof *site);
	if (m) {
		site->module = trace_string_of(h->file, m->path);
		if (m->build_id_len <= TRACE_BUILD_ID)
			site->build_id = hexadecimal(m->build_id, m->build_id_len);
		site->offset = address - m->start + m->offset;
	}
	site->script = event->actor->script;
	if (!site->script) {
		const struct event *teller = told_by(h, event);

		if (teller) {
			site->script = teller->actor->script;
			site->script_line = teller->record->line;
		}
	} else {
		site->script_line = r->line;
	}
}

/* -- Names and lines -- */

/* Starts the program WHERE with pipes to its standard input and from its output. */
static pid_t start(const char *where, FILE **to, FILE **from)
{
	int in[2], out[2];
	pid_t pid;

	if (pipe(in) < 0)
		return -1;
	if (pipe(out) < 0) {
		close(in[0]);
		close(in[1]);
		return -1;
	}
	pid = fork();
	if (pid == 0) {
		char *const none[] = { NULL };

		dup2(in[0], 0);
		dup2(out[1], 1);
		for (int i = 0; i < 2; i++) {
			close(in[i]);
			close(out[i]);
		}
		execle(where, where, (char *)NULL, none);
		_exit(127);
	}
	close(in[0]);
	close(out[1]);
	*to = fdopen(in[1], "w");
	*from = fdopen(out[0], "r");
	return pid;
}

/* Who has written in the trace, or had the program's directory, can name what answers nobody. */
static bool is_wanted(const struct call_site *site)
{
	return site->module && !strchr(site->module, '\n') &&
	       !owner_leads_away(site->module);
}

static char *field(char **at)
{
	char *start = *at, *tab = strchr(start, '\t');

	*at = tab ? tab + 1 : start + strlen(start);
	if (tab)
		*tab = '\0';
	return *start ? strdup(start) : NULL;
}

/* "FUNCTION\tFILE\tLINE" */
static void take(struct call_site *site, char *line)
{
	char *number;

	line[strcspn(line, "\n")] = '\0';
	site->function = field(&line);
	site->file = field(&line);
	number = field(&line);
	if (number)
		site->line = (unsigned)strtoul(number, NULL, 10);
	free(number);
}

/* Asks for one place. False: the program has ended. */
static bool name_site(struct call_site *site, FILE *to, FILE *from, char **line,
		      size_t *size)
{
	if (!is_wanted(site))
		return true;
	fprintf(to, "%s\t%s\t%llx\n", site->module, site->build_id ? site->build_id : "",
		(unsigned long long)site->offset);
	if (fflush(to) != 0 || getline(line, size, from) <= 0)
		return false;
	take(site, *line);
	return true;
}

void sites_name(struct report *report, const char *where)
{
	const struct sigaction ignore = { .sa_handler = SIG_IGN };
	struct sigaction before;
	FILE *to = NULL, *from = NULL;
	char *line = NULL;
	size_t size = 0;
	pid_t pid;

	if (!report->n_findings || access(where, X_OK) < 0)
		return;
	pid = start(where, &to, &from);
	if (pid < 0 || !to || !from)
		return;
	/* A malicious file can crash the program, or it can fail to start. */
	sigaction(SIGPIPE, &ignore, &before);
	/* One question at a time, so that neither side blocks on a full pipe. */
	for (size_t i = 0; i < report->n_findings; i++)
		if (!name_site(&report->findings[i].site, to, from, &line, &size) ||
		    !name_site(&report->findings[i].first_site, to, from, &line, &size))
			break;
	free(line);
	fclose(to);
	fclose(from);
	waitpid(pid, NULL, 0);
	sigaction(SIGPIPE, &before, NULL);
}
