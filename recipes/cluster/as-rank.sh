#!/usr/bin/env bash
# Runs a command as one process of several: takes what srun, Open MPI or MPICH say of the process for RANK, WORLD_SIZE,
# LOCAL_RANK and LOCAL_WORLD_SIZE. torchrun needs no such wrapper.
#   srun recipes/cluster/as-rank.sh weft train -c config.yaml -m model
#   mpirun -x MASTER_ADDR -x MASTER_PORT recipes/cluster/as-rank.sh weft train -c config.yaml -m model
# MASTER_ADDR and MASTER_PORT come from the caller; under Slurm, if they are not set, the first host and a port that depends on
# the job's number, for jobs may share a host.
set -euo pipefail

RANK=${RANK:-${SLURM_PROCID:-${OMPI_COMM_WORLD_RANK:-${PMI_RANK:-}}}}
WORLD_SIZE=${WORLD_SIZE:-${SLURM_NTASKS:-${OMPI_COMM_WORLD_SIZE:-${PMI_SIZE:-}}}}
LOCAL_RANK=${LOCAL_RANK:-${SLURM_LOCALID:-${OMPI_COMM_WORLD_LOCAL_RANK:-${MPI_LOCALRANKID:-}}}}
LOCAL_WORLD_SIZE=${LOCAL_WORLD_SIZE:-${OMPI_COMM_WORLD_LOCAL_SIZE:-${MPI_LOCALNRANKS:-}}}
if [[ -z $LOCAL_WORLD_SIZE && -n ${SLURM_STEP_TASKS_PER_NODE:-} ]]; then
  LOCAL_WORLD_SIZE=${SLURM_STEP_TASKS_PER_NODE%%[(,]*}  # "2(x4)": hosts alike
fi
if [[ -z ${MASTER_ADDR:-} && -n ${SLURM_JOB_NODELIST:-} ]]; then
  MASTER_ADDR=$(scontrol show hostnames "$SLURM_JOB_NODELIST" | head -n 1)
fi
if [[ -n ${SLURM_PROCID:-} ]]; then MASTER_PORT=${MASTER_PORT:-$((20000 + ${SLURM_JOB_ID:-0} % 10000))}; fi
export RANK WORLD_SIZE LOCAL_RANK LOCAL_WORLD_SIZE MASTER_ADDR MASTER_PORT
exec "$@"
