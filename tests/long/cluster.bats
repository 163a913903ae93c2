# SPDX-License-Identifier: LGPL-2.1-or-later
#
# shellcheck disable=SC2016 # what clusters run is expanded there
# A cluster: Slurm's own daemons and two nodes on this machine, set up as libprivtmp(7)
# says. Each cluster has namespaces of its own and is gone with its test.

load ../common

setup() {
	local need

	[[ $(id -u) -eq 0 ]] || skip "needs root, for Slurm's daemons"
	for need in slurmctld slurmd srun sbatch scancel munged ip; do
		type -P "$need" >/dev/null || skip "needs $need (Debian: slurm-wlm, munge, iproute2)"
	done
	need_users
	make_cluster
}

# make_cluster: write what a cluster's machines have.
make_cluster() {
	ETC=$(scratch)
	chmod 755 "$ETC"
	# What each of the daemons says is in its log, in /run/cluster.
	cat >"$ETC/slurm.conf" <<-EOF
		ClusterName=privtmp
		SlurmctldHost=localhost
		SlurmUser=root
		SlurmdUser=root
		AuthInfo=socket=/run/cluster/munge.socket
		StateSaveLocation=/run/cluster/state
		SlurmdSpoolDir=/run/cluster/spool-%n
		SlurmctldPidFile=/run/cluster/controller.pid
		SlurmdPidFile=/run/cluster/%n.pid
		SlurmctldLogFile=/run/cluster/controller.log
		SlurmdLogFile=/run/cluster/%n.log
		ProctrackType=proctrack/linuxproc
		TaskPlugin=task/none
		JobAcctGatherType=jobacct_gather/none
		SelectType=select/cons_tres
		SlurmdParameters=config_overrides
		SchedulerParameters=batch_sched_delay=0
		KillWait=2
		ReturnToService=2
		Prolog=$ETC/prolog
		Epilog=$ETC/epilog
		TaskProlog=$ETC/task
		NodeName=n1 NodeHostName=localhost Port=17001 CPUs=4
		NodeName=n2 NodeHostName=localhost Port=17002 CPUs=4
		PartitionName=all Nodes=ALL Default=YES
	EOF
	printf '#!/bin/sh\n' | tee "$ETC/prolog" "$ETC/task" >"$ETC/epilog"
	chmod 755 "$ETC"/{prolog,task,epilog}
	# Each task has a session of its own, also on the node of who started it.
	cat >>"$ETC/task" <<-EOF
		echo unset PRIVTMP_SESSION
		echo export LD_PRELOAD=$SHIM
	EOF
	# What was ended with its helper.
	echo "$PRIVTMP sweep" >>"$ETC/epilog"
}

# share_by_job: a job's tasks on one node share a session, as libprivtmp(7) has it.
share_by_job() {
	cat >>"$ETC/prolog" <<-'EOF'
		dir=/var/spool/privtmp/$SLURM_JOB_ID-$SLURMD_NODENAME
		mkdir -p /var/spool/privtmp && mkdir -m 700 "$dir" && chown "$SLURM_JOB_UID" "$dir"
	EOF
	cat >>"$ETC/task" <<-'EOF'
		echo export PRIVTMP_SCOPE=root
		echo export PRIVTMP_ROOT=/var/spool/privtmp/$SLURM_JOB_ID-$SLURMD_NODENAME
	EOF
	cat >>"$ETC/epilog" <<-'EOF'
		rm -rf "/var/spool/privtmp/$SLURM_JOB_ID-$SLURMD_NODENAME"
	EOF
}

# cluster SCRIPT: run the bash SCRIPT on a machine from which jobs are submitted. It has
# user, which runs a command as a user of the cluster's; left, which prints what sessions
# are left; and until_true.
cluster() {
	cat >"$ETC/start" <<-'EOF'
		# shellcheck shell=bash
		fail() {
			tail -n 20 /run/cluster/*.log >&2
			exit 99
		}
		until_true() {
			for _ in {1..100}; do
				! "$@" 2>/dev/null || return 0
				sleep 0.1
			done
			return 1
		}
		user() { setpriv --reuid=daemon --regid=daemon --clear-groups "$@"; }
		left() { find /tmp /var/tmp /var/spool -name '.privtmp-*' -o -path '*/privtmp/*'; }
		is_clean() { [[ -z $(left) ]]; }
		ready() { [[ $(sinfo -h -N -o %T | grep -c idle) -eq 2 ]]; }
		node() { # NAME
			slurmd -D -N "$1" >/dev/null 2>&1 &
			disown # its end is nothing to tell
		}
		for dir in /tmp /var/tmp; do
			mount -t tmpfs -o mode=1777 none "$dir" || exit 98
		done
		for dir in /run /var/spool; do
			mount -t tmpfs -o mode=755 none "$dir" || exit 98
		done
		# Names are looked up only where there is an address beside 127.0.0.1.
		ip link set lo up && ip address add 10.255.255.1/32 dev lo || exit 98
		mkdir -p /run/cluster/state
		head -c 128 /dev/urandom >/run/cluster/key
		chmod 400 /run/cluster/key
		munged --force --key-file=/run/cluster/key --socket=/run/cluster/munge.socket \
			--pid-file=/run/cluster/munge.pid --log-file=/run/cluster/munge.log \
			--seed-file=/run/cluster/seed || exit 98
		slurmctld -D >/dev/null 2>&1 &
		controller=$!
		node n1
		n1=$!
		node n2
		n2=$!
		until_true ready || fail
		cd /
	EOF
	run timeout 100 unshare --mount --propagation private --net --pid --fork --kill-child \
		--mount-proc env SLURM_CONF="$ETC/slurm.conf" SHIM="$SHIM" PRIVTMP="$PRIVTMP" bash -c \
		". $ETC/start; $1" 3>&-
	if [[ $status -eq 98 ]]; then
		skip "no cluster can be started here"
	fi
}

@test "without the shim, a job's tasks on a node share /tmp with everybody's" {
	printf '#!/bin/sh\n' >"$ETC/task"
	cluster 'user srun -N 2 -n 2 sh -c "echo x >/tmp/a-\$SLURM_PROCID"; ls /tmp'
	assert_output $'a-0\na-1'
}

@test "each task has a session of its own, which is gone when it ends" {
	cluster 'user srun -N 2 -n 4 sh -c "echo \$SLURM_PROCID >/tmp/a; sleep 0.5; cat /tmp/a
			ls /tmp | wc -l" | sort
		until_true is_clean; left; ls /tmp'
	assert_output $'0\n1\n1\n1\n1\n1\n2\n3'
}

@test "what a batch job leaves is gone when it ends, and its steps share nothing with others" {
	cluster 'cat >/run/cluster/job <<-"EOF"
		#!/bin/bash
		echo batch >/tmp/a
		srun -n 2 sh -c "echo step >/tmp/a; cat /tmp/a"
		cat /tmp/a
		EOF
		touch /run/cluster/out
		chown daemon /run/cluster/out
		user sbatch -W -N 1 -n 2 -o /run/cluster/out /run/cluster/job >/dev/null
		cat /run/cluster/out; until_true is_clean; left; ls /tmp'
	assert_output $'step\nstep\nbatch'
}

@test "what a job leaves that is cancelled is gone" {
	cluster 'user srun -N 2 -n 2 sh -c "echo x >/tmp/a; echo ready; trap : TERM
			while :; do sleep 0.2; done" >/run/cluster/out 2>&1 &
		both() { [[ $(grep -c ready /run/cluster/out) -eq 2 ]]; }
		until_true both || fail
		[[ -n $(left) ]] && echo there
		user scancel -u daemon
		until_true is_clean; left; ls /tmp'
	assert_output there
}

@test "what a task leaves that was ended with its helper goes with its job" {
	cluster 'user srun -N 1 -n 1 sh -c "echo x >/tmp/a; echo ready; exec sleep 60" \
			>/run/cluster/out 2>&1 &
		until_true grep -q ready /run/cluster/out || fail
		pkill -KILL -U daemon -x privtmp-reaper
		pkill -KILL -U daemon -x sleep
		until_true is_clean; left; ls /tmp'
	assert_output ""
}

@test "what a job leaves whose node daemon dies is gone when its tasks end" {
	cluster 'user srun -N 2 -n 2 sh -c "echo x >/tmp/a; echo ready; exec sleep 60" \
			>/run/cluster/out 2>&1 &
		both() { [[ $(grep -c ready /run/cluster/out) -eq 2 ]]; }
		until_true both || fail
		kill -KILL "$n1" "$n2"
		[[ -n $(left) ]] && echo there
		# As when a node goes down: what was on it is ended by nobody else.
		pkill -KILL -x slurmstepd
		pkill -KILL -U daemon -x sleep
		until_true is_clean; left; ls /tmp'
	assert_output there
}

@test "the tasks of a job on one node share a session, which goes with the job" {
	share_by_job
	cluster 'user srun -N 2 -n 6 --ntasks-per-node=3 sh -c "echo x >/tmp/\$SLURM_PROCID; sleep 2; ls /tmp | wc -l" |
			sort | uniq -c | awk "{ print \$1, \$2 }"
		until_true is_clean; left; ls /tmp'
	assert_output "6 3"
}

@test "a job's session goes with it when it is cancelled, or its node daemon begins again" {
	share_by_job
	cluster 'start() {
			user srun -N 2 -n 4 sh -c "echo x >/tmp/\$SLURM_PROCID; echo ready; sleep 60" \
				>/run/cluster/out 2>&1 &
			all() { [[ $(grep -c ready /run/cluster/out) -eq 4 ]]; }
			until_true all || fail
		}
		start; user scancel -u daemon; until_true is_clean; left
		until_true ready || fail
		start; kill -KILL "$n1" "$n2"; [[ -n $(left) ]] && echo there
		user scancel -u daemon; sleep 1; node n1; node n2
		until_true is_clean; left; ls /tmp'
	assert_output there
}

@test "the ranks of mpirun share their node's session" {
	type -P mpirun >/dev/null || skip "needs mpirun (Debian: openmpi-bin)"
	share_by_job
	cluster 'export OMPI_MCA_oob_tcp_if_include=lo
		user salloc -N 1 -n 4 mpirun -n 4 \
			sh -c "echo x >/tmp/rank-\$OMPI_COMM_WORLD_RANK; sleep 2; ls /tmp | grep -c rank" \
			2>/run/cluster/mpirun.log | sort | uniq -c | awk "{ print \$1, \$2 }"
		until_true is_clean; left; ls /tmp'
	assert_output "4 4"
}
