/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* privtmp audit --unit: a systemd drop-in by which a service is audited. */
#include "audit_unit.h"
#include "core/report.h"
#include "preload.h"
#include "tool.h"
#include "trace/format.h"
#include "unit_file.h"
#include "unit_text.h"

#include <limits.h>
#include <stdio.h>

/* By %N each instance of a template has one of its own. */
#define PLACE "privtmp-audit-%N"
#define TRACE "%S/" PLACE "/trace"

static void put_dropin(const char *unit, const struct shim *shim, const char *tool)
{
	printf("# Audits %s: in /etc/systemd/system/%s.d/audit.conf.\n", unit, unit);
	fputs("# The report is there when the service has stopped.\n"
	      "[Service]\n"
	      "StateDirectory=" PLACE "\n"
	      "StateDirectoryMode=0700\n"
	      "Environment=\"PRIVTMP_MODE=audit\"\n"
	      "Environment=\"" TRACE_VARIABLE "=" TRACE "\"\n",
	      stdout);
	unit_put_variable(stdout, "LD_PRELOAD", shim_name(shim, NULL));
	fputs("ExecStartPre=", stdout);
	unit_put_program(stdout, tool);
	fputs(" audit --trace " TRACE "\nExecStopPost=", stdout);
	unit_put_program(stdout, tool);
	fputs(" audit --read " TRACE " --output %S/" PLACE "/report.txt\n", stdout);
}

int audit_unit(const struct options *options)
{
	static struct unit_file file;
	char name[256], self[PATH_MAX];
	struct shim shim;

	if (!unit_take_name(options, options->unit, name, sizeof name) ||
	    shim_find(&shim) < 0 || shim_for_audit(&shim) < 0 || !tool_find(self))
		return STATUS_PRIVTMP;
	unit_file_read(name, options->user, &file);
	if (!unit_is_there(name, &file)) /* it may be another machine's */
		report(name, "there is no such unit", 0, "check its name");
	put_dropin(name, &shim, self);
	return options_written(0) ? STATUS_PRIVTMP : 0;
}
